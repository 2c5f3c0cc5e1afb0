// The operators that have names: -f, -R, -ipmatch…
#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "net/address.h"
#include "os/file.h"
#include "pipeline/expression/functions.h"
#include "pipeline/expression/scope.h"
#include "pipeline/section_match.h"
#include "pipeline/subrequest.h"

namespace preforkd::expression {

namespace {

// What there is under a name; nothing where there is nothing.
std::optional<struct stat> look_at(std::string_view path, const Request& request) {
    struct stat status {};
    if (path.empty() || stat_path(request.arena.c_string(path), status) != 0) return std::nullopt;
    return status;
}

bool is_directory(std::string_view path, Scope& scope) {
    const auto found = look_at(path, scope.request);
    return found && S_ISDIR(found->st_mode);
}

bool is_file(std::string_view path, Scope& scope) {
    const auto found = look_at(path, scope.request);
    return found && S_ISREG(found->st_mode);
}

bool exists(std::string_view path, Scope& scope) {
    return look_at(path, scope.request).has_value();
}

bool has_content(std::string_view path, Scope& scope) {
    const auto found = look_at(path, scope.request);
    return found && found->st_size > 0;
}

bool is_executable(std::string_view path, Scope& scope) {
    const auto found = look_at(path, scope.request);
    return found && (found->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

bool is_link(std::string_view path, Scope& scope) {
    struct stat status {};
    return !path.empty() && stat_link(scope.request.arena.c_string(path), status) == 0 &&
           S_ISLNK(status.st_mode);
}

bool is_served(const Request& found) { return found.response.status < 300; }

bool is_served_file(std::string_view path, Scope& scope) {
    if (path.empty() || !may_look_ahead(scope.request)) return false;
    const Request& found = look_up_file(scope.request, path);
    return is_served(found) && found.storage.kind != Storage::Kind::missing;
}

bool is_served_path(std::string_view path, Scope& scope) {
    return !path.empty() && may_look_ahead(scope.request) &&
           is_served(look_up_uri(scope.request, path));
}

bool is_not_empty(std::string_view word, Scope&) { return !word.empty(); }
bool is_empty(std::string_view word, Scope&) { return word.empty(); }

bool is_true(std::string_view word, Scope&) {
    for (const std::string_view no : {"", "0", "off", "false", "no"})
        if (iequals(word, no)) return false;
    return true;
}

bool contains(std::string_view range, const net::Address& address, Scope& scope) {
    const auto parsed = net::AddressRange::parse(range);
    if (!parsed) scope.error = "'" + std::string(range) + "' is no address and no network";
    return parsed && parsed->contains(address);
}

bool comes_from(std::string_view range, Scope& scope) {
    return contains(range, scope.request.client.address, scope);
}

bool is_in_network(std::string_view text, std::string_view range, Scope& scope) {
    const auto address = net::Address::parse(std::string(text), 0);
    return address && contains(range, *address, scope);
}

bool matches_text(std::string_view text, std::string_view pattern, Scope&) {
    return matches_glob(std::string(pattern), text, false);
}

bool matches_text_any_case(std::string_view text, std::string_view pattern, Scope&) {
    return matches_glob(lower(pattern), lower(text), false);
}

bool matches_path(std::string_view text, std::string_view pattern, Scope&) {
    return matches_glob(std::string(pattern), text, true);
}

struct Unary {
    char name;
    UnaryOperator holds;
};
constexpr Unary unary_operators[] = {
    {'d', is_directory},   {'e', exists},         {'f', is_file},       {'s', has_content},
    {'L', is_link},        {'h', is_link},        {'x', is_executable}, {'F', is_served_file},
    {'U', is_served_path}, {'A', is_served_path}, {'n', is_not_empty},  {'z', is_empty},
    {'T', is_true},        {'R', comes_from},
};

struct Binary {
    std::string_view name;
    BinaryOperator holds;
};
constexpr Binary binary_operators[] = {
    {"ipmatch", is_in_network},
    {"strmatch", matches_text},
    {"strcmatch", matches_text_any_case},
    {"fnmatch", matches_path},
};

} // namespace

UnaryOperator find_unary_operator(char name) {
    for (const auto& known : unary_operators)
        if (known.name == name) return known.holds;
    return nullptr;
}

BinaryOperator find_binary_operator(std::string_view name) {
    for (const auto& known : binary_operators)
        if (iequals(known.name, name)) return known.holds;
    return nullptr;
}

bool looks_into_files(UnaryOperator holds) {
    for (const auto tells : {is_directory, exists, is_file, has_content, is_link, is_executable})
        if (holds == tells) return true;
    return false;
}

bool takes_network(UnaryOperator holds) { return holds == comes_from; }
bool takes_network(BinaryOperator holds) { return holds == is_in_network; }

} // namespace preforkd::expression
