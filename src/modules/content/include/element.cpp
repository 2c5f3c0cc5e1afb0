#include "modules/content/include/element.h"

#include "base/text.h"

namespace preforkd::ssi {

namespace {

class Reader {
  public:
    Reader(std::string_view text, std::string_view end_tag) : text_(text), end_tag_(end_tag) {}

    Element read() {
        read_name();
        while (more() && !at_end_tag()) read_attribute();
        if (!more()) element_.outcome = Element::Outcome::incomplete;
        else element_.size = at_ + end_tag_.size();
        return std::move(element_);
    }

  private:
    // Whether there is still something to read. An end tag of which a part has come is waited for.
    bool more() const {
        const auto rest = text_.substr(at_);
        return !rest.empty() && !(rest.size() < end_tag_.size() && end_tag_.starts_with(rest));
    }
    bool at_end_tag() const { return text_.substr(at_).starts_with(end_tag_); }
    char next() const { return text_[at_]; }
    void skip_space() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }
    void spoil(Element::Outcome outcome) {
        if (element_.outcome == Element::Outcome::complete) element_.outcome = outcome;
    }

    void read_name() {
        const auto begin = at_;
        while (more() && !is_space(next()) && !at_end_tag()) ++at_;
        element_.name = lower(text_.substr(begin, at_ - begin));
        if (element_.name.empty()) spoil(Element::Outcome::nameless);
        skip_space();
    }

    // An end tag that touches the name is a part of it, as in Apache.
    void read_attribute() {
        Attribute attribute;
        const auto begin = at_;
        while (at_ < text_.size() && !is_space(next()) && next() != '=') ++at_;
        attribute.name = lower(text_.substr(begin, at_ - begin));
        if (attribute.name.empty()) spoil(Element::Outcome::nameless_attribute);
        skip_space();
        if (at_ < text_.size() && next() == '=') {
            ++at_;
            skip_space();
            attribute.value = read_value();
            skip_space();
        }
        element_.attributes.push_back(std::move(attribute));
    }

    std::string read_value() {
        if (at_ == text_.size()) return {};
        const char first = next();
        const bool quoted = first == '"' || first == '\'' || first == '`';
        if (!quoted) return read_bare_value();
        ++at_;
        std::string value;
        while (at_ < text_.size() && next() != first) {
            if (next() == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == first) ++at_;
            value += text_[at_++];
        }
        if (at_ < text_.size()) ++at_;
        return value;
    }

    std::string read_bare_value() {
        const auto begin = at_;
        while (at_ < text_.size() && !is_space(next())) ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string_view text_;
    std::string_view end_tag_;
    std::size_t at_ = 0;
    Element element_;
};

} // namespace

Element read_element(std::string_view text, std::string_view end_tag) {
    return Reader(text, end_tag).read();
}

} // namespace preforkd::ssi
