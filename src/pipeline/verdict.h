// What a phase says of a request.
#pragma once

namespace preforkd {

class Verdict {
  public:
    static constexpr Verdict ok() { return Verdict(0); }        // done my part, go on
    static constexpr Verdict declined() { return Verdict(-1); } // not mine
    static constexpr Verdict done() { return Verdict(-2); }     // the response is complete
    // An HTTP status: the request ends with its error document (or redirect).
    static constexpr Verdict refuse(int status) { return Verdict(status); }

    constexpr bool is_declined() const { return value_ == -1; }
    constexpr bool is_done() const { return value_ == -2; }
    constexpr bool is_ok() const { return value_ == 0; }
    constexpr bool is_refusal() const { return value_ > 0; }
    constexpr int status() const { return value_; }
    friend constexpr bool operator==(Verdict, Verdict) = default;

  private:
    explicit constexpr Verdict(int value) : value_(value) {}
    int value_;
};

inline constexpr Verdict ok = Verdict::ok();
inline constexpr Verdict declined = Verdict::declined();
inline constexpr Verdict done = Verdict::done();
constexpr Verdict refuse(int status) { return Verdict::refuse(status); }

} // namespace preforkd
