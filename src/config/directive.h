// Rows of the directive table: what a directive is called, what it takes, where it may stand and
// what it does. A module returns its rows; config/ checks name, place and arguments, so that the
// code behind a row sees only what is allowed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "config/syntax_tree.h"

namespace preforkd::config {

struct Configuration;
struct Server;
struct Section;
class DirectiveTable;
class Reading;
class Witness;

// How many arguments a directive takes (Apache's shapes, whose error texts follow from it).
enum class Shape : unsigned char {
    no_arguments,     // NO_ARGS
    flag,             // FLAG: On or Off
    one,              // TAKE1
    two,              // TAKE2
    three,            // TAKE3
    one_or_two,       // TAKE12
    one_or_three,     // TAKE13
    two_or_three,     // TAKE23
    one_two_or_three, // TAKE123
    each,             // ITERATE: applied once for each argument
    first_and_each,   // ITERATE2: applied with the first and each of the others
    raw,              // RAW_ARGS: the text as it stands
    words,            // TAKE_ARGV: any number of words
    some_words,       // one at least, applied once with all of them
};

// Where a directive may stand. Combine with |.
enum Context : unsigned {
    server_config = 1, // outside any section
    virtual_host = 2,  // in <VirtualHost>
    directory = 4,     // in <Directory>, <Files>, <Location>, <If> and their like
    htaccess = 8,      // in an .htaccess file, as the override class allows
    anywhere = 15,
};

// Classes of AllowOverride. Combine with |.
enum Override : unsigned {
    override_none = 0,
    override_limit = 1,
    override_options = 2,
    override_file_info = 4,
    override_auth_config = 8,
    override_indexes = 16,
    override_all = 31,
};

struct Directive;

// The methods for which the content of a <Limit> or <LimitExcept> counts. Directives that do not
// ask for it count for every method, in Apache as here; those of access control ask.
struct MethodLimit {
    bool except = false; // all but `methods`
    std::vector<std::string> methods;

    // HEAD is GET, as in Apache.
    bool covers(std::string_view method) const;
    friend bool operator==(const MethodLimit&, const MethodLimit&) = default;
};

// One directive while it is being applied.
struct Invocation {
    const Directive& directive;
    const Node& node;
    Configuration& configuration;
    Server& server;     // the virtual host it stands in, or the main server
    Settings& settings; // of the innermost section, or of the server outside any
    Section* section;   // the innermost section, or nullptr
    const DirectiveTable& table;
    Context context;
    unsigned overrides = override_all; // in .htaccess: the classes that are allowed
    unsigned allowed_options = ~0u;    // in .htaccess: what AllowOverride Options=… leaves
    bool in_htaccess = false;
    const Directive* enclosing = nullptr;            // the section around it, whatever it is
    const MethodLimit* limit = nullptr;              // the <Limit> around it
    std::span<const std::string> allowed_names = {}; // in .htaccess: AllowOverrideList
    bool forbidden_is_fatal = true; // in .htaccess: AllowOverride Nonfatal=Override
    bool unknown_is_fatal = true;   // in .htaccess: AllowOverride Nonfatal=Unknown
    Place* failed_at = nullptr;     // where the first mistake of the content stands
    Reading* reading = nullptr;     // only for directives that act while_reading
    Witness* witness = nullptr;     // hears of everything that is applied
    bool is_for_later = false;      // nobody obeys it yet (accepted_for_later)

    // A path as Apache takes it: relative to ServerRoot unless absolute.
    std::string server_relative(std::string_view path) const;
    // Says something at warn level, in the name of the directive's module, once the error log is
    // open (Apache does so for deprecated directives).
    void warn(std::string text) const;
};

using Arguments = std::span<const std::string>;

// Fails with the text that stands below "Syntax error on line …:".
using Apply = Status (*)(Invocation&, Arguments);

struct Directive {
    std::string_view name; // "Alias", or "<Directory" for a section
    Shape shape;
    unsigned contexts;
    unsigned override_class = override_none; // for htaccess
    Apply apply = nullptr;
    // Ends the error about a wrong number of arguments, and -L prints it.
    std::string_view usage = {};
    // Obeyed as soon as its line is read, because it changes what is read next (EXEC_ON_READ).
    bool while_reading = false;
    // A section that says nothing but its name and does without '>', as Apache's <RequireAny.
    bool needs_no_bracket = false;

    bool is_section() const { return name.starts_with('<'); }
};

// For a row: `.apply = edits<add_alias>`, where add_alias is
//   Status add_alias(AliasSettings&, Arguments)            or
//   Status add_alias(AliasSettings&, Arguments, Invocation&).
// The struct it edits follows from the function.
template <auto Function>
struct EditsTraits;
template <class S, Status (*Function)(S&, Arguments)>
struct EditsTraits<Function> {
    using Struct = S;
    static Status call(S& settings, Arguments arguments, Invocation&) {
        return Function(settings, arguments);
    }
};
template <class S, Status (*Function)(S&, Arguments, Invocation&)>
struct EditsTraits<Function> {
    using Struct = S;
    static Status call(S& settings, Arguments arguments, Invocation& invocation) {
        return Function(settings, arguments, invocation);
    }
};

// The settings that an invocation edits: the server's or the section's, as the struct's scope says.
Settings& settings_for(Invocation& invocation, Scope scope);

template <auto Function>
Status edits(Invocation& invocation, Arguments arguments) {
    using S = typename EditsTraits<Function>::Struct;
    return EditsTraits<Function>::call(settings_for(invocation, S::scope).template edit<S>(),
                                       arguments, invocation);
}

// For a flag: `.apply = sets_flag<&S::field>` with std::optional<bool> S::field.
template <class>
struct MemberTraits;
template <class S, class T>
struct MemberTraits<T S::*> {
    using Struct = S;
    using Type = T;
};

bool is_on(std::string_view argument);

template <auto Field>
Status sets_flag(Invocation& invocation, Arguments arguments) {
    using S = typename MemberTraits<decltype(Field)>::Struct;
    settings_for(invocation, S::scope).template edit<S>().*Field = is_on(arguments[0]);
    return {};
}

// For a text: `.apply = sets_text<&S::field>` with std::optional<std::string> S::field.
template <auto Field>
Status sets_text(Invocation& invocation, Arguments arguments) {
    using S = typename MemberTraits<decltype(Field)>::Struct;
    settings_for(invocation, S::scope).template edit<S>().*Field = arguments[0];
    return {};
}

// For a section's row: applies what stands in it, as if it stood where the section stands…
Status apply_content(Invocation& invocation);
// …or to settings of its own. An error keeps the line that it is about.
struct Content {
    Server& server;
    Settings& settings;
    Section* section;
    Context context;
    const MethodLimit* limit = nullptr;
};
Status apply_content(Invocation& invocation, const Content& content);

// Checked and remembered by nobody yet: a directive whose module comes later (docs/deferred.md).
Status accepted_for_later(Invocation&, Arguments);

// All rows by name. Names compare in any letter case.
class DirectiveTable {
  public:
    struct Row {
        const Directive* directive;
        std::string_view module; // "mod_alias.c", as -L prints it
    };
    void add(const Directive& directive, std::string_view module_source);
    // nullptr for a name that no enabled module has.
    const Row* find(std::string_view name) const;
    std::span<const Row> rows() const { return rows_; }

  private:
    std::vector<Row> rows_;
    std::unordered_map<std::string, std::size_t> places_; // by name in lower case
};

} // namespace preforkd::config
