// Takes one request through its phases to its response (Apache: ap_process_request).
#pragma once

#include "pipeline/phases.h"
#include "pipeline/request.h"
#include "pipeline/settings_walk.h"
#include "pipeline/small_files.h"

namespace preforkd {

// Makes what all children share: the phases and the directives that .htaccess files may use. Run
// by the control process before it forks, again after each reload; `configuration` must outlive it.
void start_pipeline(const config::Configuration& configuration,
                    const std::vector<Module>& modules = all_modules());

// One a child, for one request (and what it redirects to) at a time.
class RequestProcessor {
  public:
    // Requires: start_pipeline() ran before the fork.
    explicit RequestProcessor(const config::Configuration& configuration);

    // Serves the request of a client: head read, server chosen. Its response is complete when this
    // returns, unless the client went away.
    void serve(Request& request, Responder& responder);
    // Answers a request that could not be read, or may not be served, with an error page.
    void refuse(Request& request, int status, Responder& responder);
    // The same for the next request of its chain: an internal redirect.
    void serve_redirected(Request& request, Responder& responder);
    // Makes the content of a request that the phases up to fixups let through.
    Verdict run_handlers(Request& request, Responder& responder);
    // The last request of the chain that was served: its response is the one the client got.
    Request& last() { return *last_; }
    // Runs log_transaction.
    void log(Request& last) const;
    // Frees what no request needs any more. Requires: none is under way.
    void forget();

    // The phases up to fixups, for a subrequest that a path or a file name stands for.
    Verdict look_up_path(Request& request);
    Verdict look_up_file(Request& request);

    // Whether other settings could hold for a name in the folder that `folder` asked for.
    bool settings_differ_for(const Request& folder, std::string_view name) {
        return walk_.differs_for(folder, name);
    }

    // The server's DocumentRoot, or the usual one.
    std::string_view document_root(const Request& request) const;
    // Makes request.filename the file that `path` stands for below it.
    void use_document_root(Request& request, std::string_view path) const;

    // Whether mod_proxy is loaded: then a URL of another server can be answered.
    bool may_proxy() const;

    SmallFiles& small_files() { return small_files_; }
    const Phases& phases() const { return phases_; }

  private:
    Verdict answer(Request& request, Responder& responder);
    Verdict translate(Request& request);
    Verdict map_to_storage(Request& request);
    Verdict make_content(Request& request, Responder& responder);
    Verdict admit(Request& request);

    const Phases& phases_;
    std::string default_root_; // where DocumentRoot says nothing
    SettingsWalk walk_;
    SmallFiles small_files_;
    Request* last_ = nullptr;
};

} // namespace preforkd
