#include "net/tls_ticket_keys.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include "os/file.h"

namespace preforkd::net {

namespace {

constexpr std::size_t file_size = 48;
constexpr std::size_t file_key_size = 16;

int keys_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

// Looked up once: EVP_aes_256_cbc() would be looked up again for each ticket.
const EVP_CIPHER* cipher_for(const TicketKey& key) {
    static const EVP_CIPHER* const small = EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr);
    static const EVP_CIPHER* const large = EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
    return key.size == file_key_size ? small : large;
}

// Both keys of a ticket set up for its cipher and its MAC.
bool use_key(const TicketKey& key, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
             EVP_MAC_CTX* mac, bool sealing) {
    char digest[] = "sha256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(
            OSSL_MAC_PARAM_KEY, const_cast<unsigned char*>(key.authentication.data()), key.size),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
    return EVP_MAC_CTX_set_params(mac, parameters) == 1 &&
           EVP_CipherInit_ex(cipher, cipher_for(key), nullptr, key.encryption.data(), iv,
                             sealing) == 1;
}

// What OpenSSL wants to hear of a ticket.
enum Answer { failed = -1, unknown = 0, usable = 1, usable_but_renew = 2 };

int seal(const TlsTicketKeys& keys, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
         EVP_MAC_CTX* mac) {
    const TicketKey& key = keys.newest();
    std::copy(key.name.begin(), key.name.end(), name);
    if (RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1) return failed;
    return use_key(key, iv, cipher, mac, true) ? usable : failed;
}

int unseal(const TlsTicketKeys& keys, const unsigned char* name, const unsigned char* iv,
           EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    const TicketKey* key = keys.find(name);
    if (!key) return unknown;
    if (!use_key(*key, iv, cipher, mac, false)) return failed;
    return key == &keys.newest() ? usable : usable_but_renew;
}

int choose_key(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
               EVP_MAC_CTX* mac, int sealing) {
    const auto& keys = *static_cast<const TlsTicketKeys*>(
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), keys_index()));
    return sealing ? seal(keys, name, iv, cipher, mac) : unseal(keys, name, iv, cipher, mac);
}

} // namespace

Result<std::unique_ptr<TlsTicketKeys>> TlsTicketKeys::make_random(std::int64_t now) {
    auto memory = SharedFile::create(sizeof(Keys));
    if (!memory) return memory.error();
    std::unique_ptr<TlsTicketKeys> made(
        new TlsTicketKeys(nullptr, std::make_unique<SharedFile>(std::move(*memory))));
    made->add_random_key(now);
    return made;
}

Result<std::unique_ptr<TlsTicketKeys>> TlsTicketKeys::read(const std::string& path) {
    const auto file = open_for_reading(path.c_str());
    if (!file)
        return Error{fmt::format("AH02286: Failed to open ticket key file {}: ({}) {}", path,
                                 file.error().code, std::strerror(file.error().code))};
    char bytes[file_size];
    const auto count = read_at(file->get(), bytes, sizeof bytes, 0);
    if (!count || *count < file_size)
        return Error{fmt::format(
            "AH02287: Failed to read {} bytes from {}: {}", file_size, path,
            count ? "(70014) End of file found"
                  : fmt::format("({}) {}", count.error().code, std::strerror(count.error().code)))};
    auto keys = std::make_unique<Keys>();
    TicketKey& key = keys->ring[0];
    std::copy_n(bytes, file_key_size, key.name.begin());
    std::copy_n(bytes + file_key_size, file_key_size, key.authentication.begin());
    std::copy_n(bytes + 2 * file_key_size, file_key_size, key.encryption.begin());
    key.size = file_key_size;
    keys->count = 1;
    OPENSSL_cleanse(bytes, sizeof bytes);
    return std::unique_ptr<TlsTicketKeys>(new TlsTicketKeys(std::move(keys), nullptr));
}

TlsTicketKeys::TlsTicketKeys(std::unique_ptr<Keys> own, std::unique_ptr<SharedFile> shared)
    : own_(std::move(own)), shared_(std::move(shared)),
      keys_(own_ ? *own_ : *new (shared_->address()) Keys) {}

TlsTicketKeys::~TlsTicketKeys() {
    if (own_) OPENSSL_cleanse(own_.get(), sizeof *own_);
}

void TlsTicketKeys::renew_if_old(std::int64_t now) {
    if (shared_ && now - made_at_ >= lifetime) add_random_key(now);
}

void TlsTicketKeys::add_random_key(std::int64_t now) {
    const std::uint64_t number = keys_.count;
    TicketKey& key = keys_.ring[number % kept];
    key.size = key.encryption.size();
    RAND_bytes(key.name.data(), static_cast<int>(key.name.size()));
    RAND_priv_bytes(key.authentication.data(), static_cast<int>(key.authentication.size()));
    RAND_priv_bytes(key.encryption.data(), static_cast<int>(key.encryption.size()));
    keys_.count = number + 1; // from here on others see it
    made_at_ = now;
}

Status TlsTicketKeys::only_read() { return shared_ ? shared_->write_only_to(0, 0) : Status(); }

void TlsTicketKeys::seal_tickets_of(ssl_ctx_st* context) const {
    SSL_CTX_set_ex_data(context, keys_index(), const_cast<TlsTicketKeys*>(this));
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, choose_key);
}

const TicketKey& TlsTicketKeys::newest() const { return keys_.ring[(keys_.count - 1) % kept]; }

const TicketKey* TlsTicketKeys::find(const unsigned char* name) const {
    const std::uint64_t count = keys_.count;
    for (std::uint64_t age = 1; age <= std::min<std::uint64_t>(count, 2); ++age) {
        const TicketKey& key = keys_.ring[(count - age) % kept];
        if (std::equal(key.name.begin(), key.name.end(), name)) return &key;
    }
    return nullptr;
}

} // namespace preforkd::net
