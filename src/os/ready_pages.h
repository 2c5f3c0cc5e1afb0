// Memory for what grows large and goes soon: pages that are there before they are touched. A fault
// for each costs several times as much.
#pragma once

#include <memory_resource>

namespace preforkd {

// Whole pages for each piece: to be asked for few.
class ReadyPages final : public std::pmr::memory_resource {
  private:
    void* do_allocate(std::size_t size, std::size_t alignment) override;
    void do_deallocate(void* place, std::size_t size, std::size_t alignment) override;
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return dynamic_cast<const ReadyPages*>(&other) != nullptr;
    }
};

} // namespace preforkd
