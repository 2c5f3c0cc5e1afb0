// RewriteMap: values by key.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/request.h"

namespace preforkd::rewrite {

class Map {
  public:
    // `source` is what RewriteMap says: "int:tolower", "txt:/etc/names", "rnd:/etc/names",
    // "prg:/usr/bin/program arguments". A file's name is absolute, or relative to `server_root`,
    // and it must be there. `identity` is whom a program runs as ("user:group"), or "". Fails with
    // a sentence.
    static Result<std::shared_ptr<Map>> make(std::string_view name, std::string_view source,
                                             const std::string& server_root,
                                             std::string_view identity = {});
    virtual ~Map() = default;
    const std::string& name() const { return name_; }

    // In the control process, before it forks.
    virtual Status start() { return {}; }

    // In the request's arena; nothing where the map does not know the key.
    virtual std::optional<std::string_view> find(std::string_view key, Request& request) const = 0;

  protected:
    explicit Map(std::string_view name) : name_(name) {}

  private:
    std::string name_;
};

} // namespace preforkd::rewrite
