#include "app/system_checks/system_checks.h"

#include <ctime>

#include "app/running_server.h"
#include "app/system_checks/certificates.h"
#include "app/system_checks/descriptors.h"
#include "app/system_checks/document_roots.h"
#include "app/system_checks/log_folders.h"
#include "app/system_checks/ports.h"
#include "app/system_checks/runtime_folders.h"
#include "app/system_checks/worker_memory.h"
#include "config/process_settings.h"

namespace preforkd {

Findings check_system(const config::Configuration& configuration) {
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    const RunningServer running = find_running_server(settings.pid_file);
    Findings all;
    for (auto& found : {
             check_worker_memory(configuration, running),
             check_descriptors(configuration),
             check_ports(configuration, running),
             check_log_folders_for_writing(configuration),
             check_document_roots(configuration),
             check_runtime_folders(configuration),
             check_certificates(configuration, std::time(nullptr)),
         })
        all.insert(all.end(), found.begin(), found.end());
    return all;
}

} // namespace preforkd
