// What stands inside <AuthnProviderAlias> and <AuthzProviderAlias>: settings that count while the
// provider works.
#pragma once

#include "config/directive.h"
#include "pipeline/request.h"

namespace preforkd {

// The settings of a request with those of an alias on top, as long as this lives.
class AliasedSettings {
  public:
    AliasedSettings(Request& request, const config::Settings& own)
        : request_(request), outer_(request.settings), merged_(request.settings->with(own)) {
        request_.settings = &merged_;
    }
    AliasedSettings(const AliasedSettings&) = delete;
    AliasedSettings& operator=(const AliasedSettings&) = delete;
    ~AliasedSettings() { request_.settings = outer_; }

  private:
    Request& request_;
    const config::MergedSettings* outer_;
    config::MergedSettings merged_;
};

Status apply_alias_content(const config::Invocation& invocation, config::Settings& settings);

} // namespace preforkd
