// The contract of preforkd/module.h, pleasant for C++. Nothing here is part of the binary
// interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "preforkd/module.h"

namespace preforkd::sdk {

inline preforkd_text text(std::string_view view) { return {view.data(), view.size()}; }
inline std::string_view view(preforkd_text text) { return {text.data, text.size}; }
inline std::optional<std::string_view> optional(preforkd_text text) {
    return text.data ? std::optional(view(text)) : std::nullopt;
}

// The server that loaded this module; a module sets it in preforkd_module_open.
inline const preforkd_server* server = nullptr;

// About no request.
inline void log(preforkd_level level, std::string_view line) {
    server->log(nullptr, level, text(line));
}

// A name and value list of a request, as preforkd/module.h says.
class List {
  public:
    List(preforkd_request* request, preforkd_list list) : request_(request), list_(list) {}

    std::optional<std::string_view> find(std::string_view name) const {
        return optional(server->find(request_, list_, text(name)));
    }
    std::string_view value_or_empty(std::string_view name) const {
        return view(server->find(request_, list_, text(name)));
    }
    void set(std::string_view name, std::string_view value) const {
        server->set(request_, list_, text(name), text(value));
    }
    void add(std::string_view name, std::string_view value) const {
        server->add(request_, list_, text(name), text(value));
    }
    void remove(std::string_view name) const { server->remove(request_, list_, text(name)); }

    // Calls `visit(name, value)` for each.
    template <class Visit>
    void each(Visit visit) const {
        const auto call = [](void* context, preforkd_text name, preforkd_text value) {
            (*static_cast<Visit*>(context))(view(name), view(value));
        };
        server->each(request_, list_, call, &visit);
    }

  private:
    preforkd_request* request_;
    preforkd_list list_;
};

// One request, as long as a function of the module works on it.
class Request {
  public:
    Request(preforkd_request* native) : native_(native) {} // so that a function can take one

    std::string_view fact(preforkd_fact which) const { return view(server->fact(native_, which)); }
    bool has(preforkd_fact which) const { return server->fact(native_, which).data != nullptr; }
    void set_fact(preforkd_fact which, std::string_view value) const {
        server->set_fact(native_, which, text(value));
    }
    std::int64_t number(preforkd_number which) const { return server->number(native_, which); }

    std::string_view method() const { return fact(PREFORKD_METHOD); }
    std::string_view path() const { return fact(PREFORKD_PATH); }
    std::string_view query() const { return fact(PREFORKD_QUERY); }
    std::string_view filename() const { return fact(PREFORKD_FILENAME); }
    std::string_view handler() const { return fact(PREFORKD_HANDLER); }

    List fields() const { return {native_, PREFORKD_REQUEST_FIELDS}; }
    List response_fields() const { return {native_, PREFORKD_RESPONSE_FIELDS}; }
    List variables() const { return {native_, PREFORKD_VARIABLES}; }
    List notes() const { return {native_, PREFORKD_NOTES}; }

    // What the module's directives say here; a default S where they say nothing.
    template <class S>
    const S& settings() const {
        static const S nothing_said{};
        const void* said = server->settings(native_);
        return said ? *static_cast<const S*>(said) : nothing_said;
    }

    void log(preforkd_level level, std::string_view line) const {
        server->log(native_, level, text(line));
    }

    std::int64_t read(char* into, std::size_t size) const {
        return server->read(native_, into, size);
    }
    void set_status(int status, std::string_view reason = {}) const {
        server->set_status(native_, status, text(reason));
    }
    void set_content_type(std::string_view type) const { set_fact(PREFORKD_CONTENT_TYPE, type); }
    // False where the client is gone.
    bool write(std::string_view content) const {
        return server->write(native_, text(content)) == 0;
    }
    bool flush() const { return server->flush(native_) == 0; }

    // Of the child, for the status page; nothing under a server that was built before it could.
    void note_child(std::string_view words) const {
        if (server->size > offsetof(preforkd_server, note_child))
            server->note_child(native_, text(words));
    }

    preforkd_request* native() const { return native_; }

  private:
    preforkd_request* native_;
};

// For a module's settings: the three functions that preforkd_module wants, for a struct S with
// void inherit_from(const S& outer).
template <class S>
struct SettingsOf {
    static void* create() { return new S; }
    static void* merge(const void* outer, const void* inner) {
        auto* merged = new S(*static_cast<const S*>(inner));
        merged->inherit_from(*static_cast<const S*>(outer));
        return merged;
    }
    static void destroy(void* settings) { delete static_cast<S*>(settings); }
};

} // namespace preforkd::sdk
