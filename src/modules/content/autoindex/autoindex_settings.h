// What the directives of autoindex say of a place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/directive.h"
#include "modules/content/autoindex/index_options.h"
#include "modules/entries.h"

namespace preforkd {

// An icon, or the text for one, and the files it is for.
struct IndexItem {
    enum class Kind : unsigned char { by_path, by_type, by_encoding };
    Kind kind = Kind::by_path;
    std::string applies_to; // wildcards for the path, media type or encoding
    std::string place;      // wildcards for the path, by the section that the item stands in
    std::string value;
};

struct IgnoredNames {
    std::string applies_to;
    std::string place;
};

struct IndexDescription {
    std::string pattern;
    bool is_path = false;       // compared with the whole path, else with the last name
    bool has_wildcards = false; // else it may stand anywhere in the name
    std::string text;
};

struct AutoindexSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AutoindexSettings& outer);

    // The flags that hold here.
    unsigned options() const { return flags_in_force().set; }

    IndexLook look;
    Entries<IndexItem> icons;
    Entries<IndexItem> alternate_texts;
    Entries<IgnoredNames> ignored;
    Entries<IndexDescription> descriptions;
    bool forgets_ignored = false; // IndexIgnoreReset
    std::optional<std::string> default_icon;
    std::optional<std::string> header;
    std::optional<std::string> readme;
    std::optional<std::string> head_insert;
    std::optional<std::string> style_sheet;
    std::optional<char> key;       // 'N', 'M', 'S' or 'D'
    std::optional<char> direction; // 'A' or 'D'

    // Said outside any section of the main server: what is said with a sign there takes effect in
    // inner places only, as in Apache.
    bool is_outermost = false;

  private:
    IndexFlags flags_in_force() const {
        return is_outermost || is_merged_ ? look.flags : look.flags.inside({});
    }
    bool is_merged_ = false;
};

std::vector<config::Directive> autoindex_directives();

} // namespace preforkd
