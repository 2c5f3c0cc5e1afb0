// A document with server-side includes while it is read: what its elements know and change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/response_writer.h"
#include "modules/content/include/include_settings.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd::ssi {

// Lives in the request's arena, with everything that it holds.
class Document {
  public:
    explicit Document(Request& request);

    // The innermost one that is read just now; nullptr outside of any.
    static const Document* current() { return current_; }
    // While a part of it is read.
    class Reading {
      public:
        explicit Reading(Document& document) : outer_(current_) { current_ = &document; }
        ~Reading() { current_ = outer_; }
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;

      private:
        Document* outer_;
    };
    // It is read to its end: what it made of the variables counts for the document that included
    // it.
    void conclude();

    // An include variable, a variable of the request, or a group of the last regular expression
    // ("0" to "9"). Nothing where it is not set.
    std::optional<std::string_view> find(std::string_view name) const;
    // `text` with $NAME and ${NAME} replaced; what is not set is nothing.
    std::string expand(std::string_view text) const;
    // A time in the format that was last asked for.
    std::string time_text(std::time_t time, bool in_greenwich) const;

    // To the client. After a failure nothing is written any more.
    void print(std::string_view text);
    // Tells the client that something is wrong, and the error log what.
    void fail(std::string_view why, int code = 0);
    void log(log::Level level, std::string_view text, int code = 0) const {
        request.log("include", level, text, code);
    }

    Request& request;
    const IncludeSettings& settings;
    http::BodySink* next = nullptr; // where the result goes
                                    // What the last write said; with a text that needs no memory,
                                    // since nobody frees it here.
    bool is_broken = false;
    int broken_by = 0; // an errno
    Status written() const { return is_broken ? Status(Error{"write", broken_by}) : Status(); }

    // <!--#config -->
    std::string_view error_text, time_format, undefined;
    bool abbreviates_sizes = true;

    // Whether text is passed on, whether a branch of the current <!--#if --> was, and how many
    // others begin within a branch that is left out.
    bool printing = true;
    bool branch_taken = true;
    unsigned skipped_depth = 0;
    bool ignores_else = false; // a condition made no sense: what it would mean is unknown

    MatchGroups groups{}; // of the last regular expression that matched

  private:
    std::optional<std::string_view> find_group(std::string_view name) const;
    std::string_view compute(std::string_view name) const;

    static Document* current_;
    Document* includer_ = nullptr;
};

} // namespace preforkd::ssi
