#include "net/tls_pem.h"

#include "os/file.h"

namespace preforkd::net {

Result<UniqueBio> open_pem(const std::string& file) {
    auto content = read_whole_file(file);
    if (!content) return content.error();
    UniqueBio bio(BIO_new(BIO_s_secmem()));
    BIO_write(bio.get(), content->data(), static_cast<int>(content->size()));
    OPENSSL_cleanse(content->data(), content->size());
    return bio;
}

} // namespace preforkd::net
