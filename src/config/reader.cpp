#include "config/reader.h"

#include <fmt/format.h>

#include "config/advice.h"
#include "config/apply.h"
#include "config/merge_servers.h"
#include "config/paths.h"
#include "config/reading.h"

namespace preforkd::config {

namespace {

// Everything that one reading makes, in the order in which it is made.
class ConfigurationReader {
  public:
    explicit ConfigurationReader(const ReadOptions& options)
        : options_(options), configuration_(std::make_unique<Configuration>()),
          reading_(*configuration_, rows_, options.modules, options.load) {
        reading_.tell(options.witness);
        configuration_->server_root = options.server_root;
        configuration_->main_file = absolute_path(options.server_root, options.file);
        configuration_->check_document_roots = options.check_document_roots;
        configuration_->defines = options.defines;
        configuration_->servers.push_back(std::make_unique<Server>());
        for (const auto& module : options.modules)
            if (module.built_in) reading_.enable(module);
    }

    std::variant<std::unique_ptr<Configuration>, ConfigError> read() {
        if (auto fault = read_tree()) return std::move(*fault);
        if (auto fault = apply_tree()) return std::move(*fault);
        complete_servers(*configuration_);
        if (!reading_.macros().all.empty())
            configuration_->macros =
                std::make_shared<const MacroTable>(std::move(reading_.macros()));
        return std::move(configuration_);
    }

  private:
    std::optional<ConfigError> read_tree() {
        if (auto fault = read_words(options_.before)) return fault;
        configuration_->included_files.push_back("  (*) " + configuration_->main_file);
        auto read = reading_.read_file(configuration_->main_file, *tree_);
        if (!read) {
            const Place place = reading_.failed_at().value_or(Place{});
            return ConfigError{place, read.error().what, true, configuration_->warnings};
        }
        return read_words(options_.after);
    }

    // -C and -c
    std::optional<ConfigError> read_words(const std::vector<std::string>& lines) {
        std::string text;
        for (const auto& line : lines) text += line + '\n';
        auto read = reading_.read_text(LineReader("-c/-C directives", std::move(text)), *tree_);
        if (read) return std::nullopt;
        return ConfigError{{},
                           "Syntax error in -C/-c directive: " + read.error().what,
                           true,
                           configuration_->warnings};
    }

    std::optional<ConfigError> apply_tree() {
        Server& main = configuration_->main_server();
        Place failed_at;
        const Node nothing{};
        const Directive outside{"", Shape::raw, anywhere};
        const Invocation outer{
            .directive = outside,
            .node = nothing,
            .configuration = *configuration_,
            .server = main,
            .settings = main.directory_settings,
            .section = nullptr,
            .table = rows_,
            .context = server_config,
            .failed_at = &failed_at,
            .witness = options_.witness,
        };
        auto applied =
            apply_nodes(tree_->nodes(), outer,
                        {main, main.directory_settings, nullptr, server_config}, nullptr);
        if (applied) {
            if (configuration_->has_module("info_module")) configuration_->tree = std::move(tree_);
            return std::nullopt;
        }
        return ConfigError{failed_at, applied.error().what, false, configuration_->warnings,
                           advice_at(failed_at, tree_->nodes(), applied.error().what)};
    }

    // On the directive that stands there.
    std::string advice_at(const Place& place, const Nodes& nodes, std::string_view error) const {
        for (const Node& node : nodes) {
            if (node.place.file == place.file && node.place.line == place.line) {
                const std::string name = node.name_in_table();
                const auto* row = rows_.find(name);
                return row ? advice_on_use(*row->directive, error)
                           : advice_on(name, rows_, options_.modules);
            }
            if (auto advice = advice_at(place, node.children, error); !advice.empty())
                return advice;
        }
        return {};
    }

    const ReadOptions& options_;
    DirectiveTable rows_;
    std::unique_ptr<Configuration> configuration_;
    Reading reading_;
    std::unique_ptr<SyntaxTree> tree_ = std::make_unique<SyntaxTree>();
};

// What an .htaccess file may see of the configuration, and spoil without harm.
Configuration surroundings_of(const Configuration& configuration) {
    Configuration copy;
    copy.server_root = configuration.server_root;
    copy.defines = configuration.defines;
    copy.variables = configuration.variables;
    copy.module_names = configuration.module_names;
    copy.enabled_modules = configuration.enabled_modules;
    copy.servers.push_back(std::make_unique<Server>());
    copy.served = &configuration;
    return copy;
}

} // namespace

std::variant<std::unique_ptr<Configuration>, ConfigError>
read_configuration(const ReadOptions& options) {
    return ConfigurationReader(options).read();
}

std::variant<std::unique_ptr<Section>, ConfigError>
read_htaccess(const Configuration& configuration, const DirectiveTable& directives,
              const std::string& path, std::string_view text, const HtaccessRules& rules,
              Witness* witness, std::vector<Warning>* warnings) {
    Configuration surroundings = surroundings_of(configuration);
    DirectiveTable rows = directives;
    Reading reading(surroundings, rows, {});
    reading.follow(rules);
    reading.tell(witness);
    SyntaxTree tree;
    if (auto read = reading.read_text(LineReader(path, std::string(text)), tree); !read)
        return ConfigError{reading.failed_at().value_or(Place{}), read.error().what, true};

    auto section = std::make_unique<Section>();
    section->kind = Section::Kind::htaccess;
    section->pattern = path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
    Place failed_at;
    const Node nothing{};
    const Directive outside{"", Shape::raw, anywhere};
    const Invocation outer{
        .directive = outside,
        .node = nothing,
        .configuration = surroundings,
        .server = surroundings.main_server(),
        .settings = section->settings,
        .section = section.get(),
        .table = rows,
        .context = htaccess,
        .overrides = rules.overrides,
        .allowed_options = rules.allowed_options,
        .in_htaccess = true,
        .allowed_names = rules.directives,
        .forbidden_is_fatal = rules.fatal,
        .unknown_is_fatal = rules.unknown_is_fatal,
        .failed_at = &failed_at,
        .witness = witness,
    };
    auto applied = apply_nodes(
        tree.nodes(), outer,
        {surroundings.main_server(), section->settings, section.get(), htaccess}, nullptr);
    if (warnings) *warnings = std::move(surroundings.warnings);
    if (!applied) return ConfigError{failed_at, applied.error().what};
    return section;
}

} // namespace preforkd::config
