// The other side of our protocols by another hand: Debian's libeac (OpenPACE), in a process of its own, because libeac replaces
// symbols of OpenSSL and leaks. Links nothing of idchip; the objects of secure messaging are put together here once more.
//   One request a line on stdin: words; bytes are hexadecimal, "-" is none. One answer a line on stdout: "ok VALUE...", "no" when a
//   check came out false, "error WHAT" when libeac refused. What libeac thinks of it goes to stderr.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <eac/ca.h>
#include <eac/cv_cert.h>
#include <eac/eac.h>
#include <eac/pace.h>
#include <eac/ta.h>
#include <openssl/dh.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

// libeac's chip authentication is version 2, where a nonce of the chip goes into the keys. Version 1, the one of Doc 9303-11, has none:
// the step below the protocol is exported, but no header names it.
extern "C" int KA_CTX_derive_keys(KA_CTX* ctx, const BUF_MEM* nonce, EVP_MD_CTX* md_ctx);

namespace {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// --- bytes

std::string hex(const Bytes& bytes) {
    if (bytes.empty()) return "-";
    std::string text;
    for (const auto b : bytes) {
        text += "0123456789ABCDEF"[b >> 4U];
        text += "0123456789ABCDEF"[b & 15U];
    }
    return text;
}

Bytes unhex(const std::string& text) {
    Bytes bytes;
    if (text == "-") return bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) bytes.push_back(static_cast<Byte>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }
Bytes part(const Bytes& from, std::size_t at, std::size_t size) {
    if (at > from.size() || size > from.size() - at) throw Refused("too short");
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(at);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

template <auto Free>
struct With {
    template <class T>
    void operator()(T* p) const {
        Free(p);
    }
};
using Buffer = std::unique_ptr<BUF_MEM, With<BUF_MEM_free>>;
using Context = std::unique_ptr<EAC_CTX, With<EAC_CTX_clear_free>>;
using Password = std::unique_ptr<PACE_SEC, With<PACE_SEC_clear_free>>;
using Certificate = std::unique_ptr<CVC_CERT, With<CVC_CERT_free>>;

Buffer buffer(const Bytes& bytes) {
    Buffer b(BUF_MEM_new());
    if (!bytes.empty() && BUF_MEM_grow(b.get(), bytes.size()) != 0) std::copy(bytes.begin(), bytes.end(), b->data);
    return b;
}

// What libeac returns; nothing, or another number than 1, is its word for failure.
Bytes take(BUF_MEM* from, const char* what) {
    const Buffer b(from);
    if (!b) throw Refused(what);
    return {b->data, b->data + b->length};
}
void need(int result, const char* what) {
    if (result != 1) throw Refused(what);
}

// --- randomness that can be repeated: libeac draws from OpenSSL's generator

std::uint64_t random_state = 1;

int repeatable_bytes(unsigned char* out, int size) {
    for (int i = 0; i < size; ++i) {  // splitmix64
        auto z = random_state += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        out[i] = static_cast<unsigned char>(z >> 32U);
    }
    return 1;
}
int always_seeded() { return 1; }
const RAND_METHOD repeatable = {nullptr, repeatable_bytes, nullptr, nullptr, repeatable_bytes, always_seeded};

// --- the run

Context context;
Password password;

EAC_CTX* run() {
    if (!context) throw Refused("no run");
    return context.get();
}

int protocol(const std::string& oid) {
    const int nid = EAC_OBJ_txt2nid(oid.c_str());
    if (nid == 0) throw Refused("unknown protocol");
    return nid;
}

// --- secure messaging (ISO/IEC 7816-4, 10): libeac counts, pads, encrypts and authenticates

struct Object {
    Byte tag;
    Bytes value;
    std::size_t at;  // where it begins
};

void append_object(Bytes& to, Byte tag, const Bytes& value) {
    const auto n = value.size();
    to.push_back(tag);
    if (n > 0xFF) append(to, {0x82, static_cast<Byte>(n >> 8U)});
    else if (n > 0x7F) to.push_back(0x81);
    to.push_back(static_cast<Byte>(n));
    append(to, value);
}

std::vector<Object> objects(const Bytes& in) {
    std::vector<Object> list;
    for (std::size_t at = 0; at < in.size();) {
        const auto begin = at;
        const auto tag = in.at(at++);
        std::size_t n = in.at(at++);
        if (n >= 0x80) {
            if (n != 0x81 && n != 0x82) throw Refused("length");
            const bool two = n == 0x82;
            n = in.at(at++);
            if (two) n = n << 8U | in.at(at++);
        }
        list.push_back({tag, part(in, at, n), begin});
        at += n;
    }
    return list;
}

const Object* find(const std::vector<Object>& list, Byte tag) {
    const auto it = std::find_if(list.begin(), list.end(), [tag](const Object& o) { return o.tag == tag; });
    return it == list.end() ? nullptr : &*it;
}

Bytes padded(const Bytes& in) { return take(EAC_add_iso_pad(run(), buffer(in).get()), "pad"); }

// `header` as a command has it, nothing for a response. With no objects the header's padding ends the input (Doc 9303-11, 9.8.6).
Bytes mac_input(const Bytes& header, const Bytes& body) {
    Bytes in = header.empty() ? Bytes() : padded(header);
    if (!body.empty()) append(in, padded(body));
    return in;
}

void append_mac(Bytes& body, const Bytes& header) {
    append_object(body, 0x8E, take(EAC_authenticate(run(), buffer(mac_input(header, body)).get()), "authenticate"));
}

void check_mac(const Bytes& body, const std::vector<Object>& list, const Bytes& header) {
    if (list.empty() || list.back().tag != 0x8E) throw Refused("no MAC");
    const auto in = buffer(mac_input(header, part(body, 0, list.back().at)));
    need(EAC_verify_authentication(run(), in.get(), buffer(list.back().value).get()), "MAC");
}

bool odd(Byte ins) { return (ins & 1U) != 0; }

void append_cryptogram(Bytes& body, const Bytes& plain, Byte ins) {
    if (plain.empty()) return;
    auto cryptogram = take(EAC_encrypt(run(), buffer(padded(plain)).get()), "encrypt");
    if (!odd(ins)) cryptogram.insert(cryptogram.begin(), 0x01);
    append_object(body, odd(ins) ? 0x85 : 0x87, cryptogram);
}

Bytes decrypted(const std::vector<Object>& list, Byte ins) {
    const auto* o = find(list, odd(ins) ? 0x85 : 0x87);
    if (o == nullptr) return {};
    const auto skip = odd(ins) ? 0U : 1U;
    const auto plain = take(EAC_decrypt(run(), buffer(part(o->value, skip, o->value.size() - skip)).get()), "decrypt");
    return take(EAC_remove_iso_pad(buffer(plain).get()), "padding");
}

Bytes number(std::size_t value, bool two_bytes) {
    if (!two_bytes) return {static_cast<Byte>(value)};
    return {static_cast<Byte>(value >> 8U), static_cast<Byte>(value)};
}

// Ne as Le means it: zero stands for all.
std::size_t expected(const Bytes& le) {
    if (le.size() == 1) return le[0] == 0 ? 256 : le[0];
    const std::size_t n = std::size_t{le.at(0)} << 8U | le.at(1);
    return n == 0 ? 65'536 : n;
}

Bytes protect(Bytes header, const Bytes& data, std::optional<std::size_t> ne) {
    EAC_increment_ssc(run());
    header.at(0) |= 0x0CU;
    Bytes body;
    append_cryptogram(body, data, header.at(1));
    if (ne) append_object(body, 0x97, number(*ne, *ne > 256 || data.size() > 255));
    append_mac(body, header);
    const bool extended = body.size() > 255 || ne.value_or(0) > 256;
    Bytes command = header;
    if (extended) command.push_back(0);
    append(command, number(body.size(), extended));
    append(command, body);
    append(command, number(0, extended));
    return command;
}

// CLA INS P1 P2, data, Ne
std::string open(const Bytes& command) {
    EAC_increment_ssc(run());
    const auto header = part(command, 0, 4);
    const bool extended = command.at(4) == 0;
    const std::size_t size = extended ? std::size_t{command.at(5)} << 8U | command.at(6) : command.at(4);
    const auto body = part(command, extended ? 7 : 5, size);
    const auto list = objects(body);
    check_mac(body, list, header);
    const auto* le = find(list, 0x97);
    return hex(header) + " " + hex(decrypted(list, header[1])) + " " + (le != nullptr ? std::to_string(expected(le->value)) : "-");
}

Bytes seal(const Bytes& data, const Bytes& sw, Byte ins) {
    EAC_increment_ssc(run());
    Bytes body;
    append_cryptogram(body, data, ins);
    append_object(body, 0x99, sw);
    append_mac(body, {});
    append(body, sw);
    return body;
}

// Data, status word
std::string unprotect(const Bytes& response, Byte ins) {
    EAC_increment_ssc(run());
    const auto body = part(response, 0, response.size() - 2);
    const auto list = objects(body);
    check_mac(body, list, {});
    const auto* sw = find(list, 0x99);
    if (sw == nullptr || sw->value != part(response, response.size() - 2, 2)) throw Refused("status word");
    return hex(decrypted(list, ins)) + " " + hex(sw->value);
}

// --- requests

using Words = std::vector<std::string>;
Bytes bytes_at(const Words& w, std::size_t i) { return unhex(w.at(i)); }
std::string yes_or_no(int result, const char* what) {
    if (result != 0 && result != 1) throw Refused(what);
    return result == 1 ? "ok" : "no";
}

// A group of Diffie-Hellman without the key in it; DH_generate_key would keep that.
void renew(EVP_PKEY* key) {
    auto* old = EVP_PKEY_get1_DH(key);
    const BIGNUM *p = nullptr, *q = nullptr, *g = nullptr;
    DH_get0_pqg(old, &p, &q, &g);
    auto* fresh = DH_new();
    need(DH_set0_pqg(fresh, BN_dup(p), BN_dup(q), BN_dup(g)), "group");
    need(EVP_PKEY_set1_DH(key, fresh), "group");
    DH_free(fresh);
    DH_free(old);
}

// libeac proves the primes of a group each time, which takes longer than all the rest: the same group again is taken as it is.
template <class Part>
bool again(const Part* part, int nid, int id, EVP_PKEY* key) {
    if (part == nullptr || part->protocol != nid || part->id != id) return false;
    if (EVP_PKEY_base_id(key) != EVP_PKEY_EC) renew(key);
    return true;
}

void begin_pace(int nid, int id) {
    auto*& pace = run()->pace_ctx;
    if (again(pace, nid, id, pace == nullptr ? nullptr : pace->static_key)) return;
    need(EAC_CTX_init_pace(run(), nid, id), "EAC_CTX_init_pace");
    pace->id = id;
}

void begin_chip_authentication(int nid, int id) {
    auto*& ca = run()->ca_ctx;
    if (again(ca, nid, id, ca == nullptr ? nullptr : ca->ka_ctx->key)) return;
    need(EAC_CTX_init_ca(run(), nid, id), "EAC_CTX_init_ca");
    ca->id = id;
}

void set_password(const std::string& kind, const Bytes& text) {
    static const std::map<std::string, s_type> kinds = {{"mrz", PACE_MRZ}, {"can", PACE_CAN}, {"pin", PACE_PIN}, {"puk", PACE_PUK}};
    password.reset(PACE_SEC_new(reinterpret_cast<const char*>(text.data()), text.size(), kinds.at(kind)));
    if (!password) throw Refused("password");
}

// Authority, holder, from, to, role (3: CVCA, 0: terminal).
std::string describe(const Bytes& encoded) {
    const auto* at = encoded.data();
    const Certificate c(CVC_d2i_CVC_CERT(nullptr, &at, static_cast<long>(encoded.size())));
    if (!c) throw Refused("certificate");
    std::string text;
    for (auto* word : {CVC_get_car(c.get()), CVC_get_chr(c.get()), CVC_get_effective_date(c.get()), CVC_get_expiration_date(c.get())}) {
        text += text.empty() ? "" : " ";
        text += word != nullptr ? word : "?";
        std::free(word);
    }
    return text + " " + std::to_string(CVC_get_role(cvc_get_chat(c.get())));
}

std::string chip_authentication_key() {
    const auto compressed = take(TA_STEP3_generate_ephemeral_key(run()), "ephemeral key");
    return hex(take(CA_STEP2_get_eph_pubkey(run()), "public key")) + " " + hex(compressed);
}

void agree_chip_authentication(const Bytes& peer) {
    need(CA_STEP4_compute_shared_secret(run(), buffer(peer).get()), "shared secret");
    need(KA_CTX_derive_keys(run()->ca_ctx->ka_ctx, nullptr, run()->md_ctx), "keys");
}

using Request = std::function<std::string(const Words&)>;
std::string ok(const Bytes& bytes) { return "ok " + hex(bytes); }

const std::map<std::string, Request>& requests() {
    static const std::map<std::string, Request> table = {
        {"seed",
         [](const Words& w) {
             random_state = std::stoull(w.at(1));
             return "ok";
         }},
        {"new",
         [](const Words&) {
             context.reset();
             context.reset(EAC_CTX_new());
             return context ? "ok" : "error context";
         }},
        {"pace",  // OID, id of the domain parameters
         [](const Words& w) {
             begin_pace(protocol(w.at(1)), std::stoi(w.at(2)));
             return "ok";
         }},
        {"password",  // mrz: the whole zone of a TD1 card
         [](const Words& w) {
             set_password(w.at(1), bytes_at(w, 2));
             return "ok";
         }},
        {"encrypt_nonce", [](const Words&) { return ok(take(PACE_STEP1_enc_nonce(run(), password.get()), "nonce")); }},
        {"decrypt_nonce",
         [](const Words& w) {
             need(PACE_STEP2_dec_nonce(run(), password.get(), buffer(bytes_at(w, 1)).get()), "nonce");
             return "ok";
         }},
        {"mapping_data", [](const Words&) { return ok(take(PACE_STEP3A_generate_mapping_data(run()), "mapping data")); }},
        {"map",
         [](const Words& w) {
             need(PACE_STEP3A_map_generator(run(), buffer(bytes_at(w, 1)).get()), "map");
             return "ok";
         }},
        {"key", [](const Words&) { return ok(take(PACE_STEP3B_generate_ephemeral_key(run()), "ephemeral key")); }},
        {"agree",
         [](const Words& w) {
             need(PACE_STEP3B_compute_shared_secret(run(), buffer(bytes_at(w, 1)).get()), "shared secret");
             need(PACE_STEP3C_derive_keys(run()), "keys");
             return "ok";
         }},
        {"token",  // over the other side's public key
         [](const Words& w) { return ok(take(PACE_STEP3D_compute_authentication_token(run(), buffer(bytes_at(w, 1)).get()), "token")); }},
        {"check_token",
         [](const Words& w) { return yes_or_no(PACE_STEP3D_verify_authentication_token(run(), buffer(bytes_at(w, 1)).get()), "token"); }},

        {"secret_size",  // pace or ca: octets of the shared secret as they go into the key derivation
         [](const Words& w) {
             const auto* ka = w.at(1) == "pace" ? run()->pace_ctx->ka_ctx : run()->ca_ctx->ka_ctx;
             return "ok " + std::to_string(ka->shared_secret->length);
         }},
        {"session",  // pace or ca: new keys, counter zero
         [](const Words& w) {
             need(EAC_CTX_set_encryption_ctx(run(), w.at(1) == "pace" ? EAC_ID_PACE : EAC_ID_CA), "session");
             return "ok";
         }},
        {"protect",  // header, data, Ne
         [](const Words& w) {
             const auto ne = w.at(3) == "-" ? std::nullopt : std::optional<std::size_t>(std::stoul(w.at(3)));
             return ok(protect(bytes_at(w, 1), bytes_at(w, 2), ne));
         }},
        {"open", [](const Words& w) { return "ok " + open(bytes_at(w, 1)); }},
        {"seal", [](const Words& w) { return ok(seal(bytes_at(w, 1), bytes_at(w, 2), bytes_at(w, 3).at(0))); }},  // data, status word, INS
        {"unprotect", [](const Words& w) { return "ok " + unprotect(bytes_at(w, 1), bytes_at(w, 2).at(0)); }},    // response, INS

        {"ca",  // OID, id of the domain parameters
         [](const Words& w) {
             begin_chip_authentication(protocol(w.at(1)), std::stoi(w.at(2)));
             return "ok";
         }},
        {"ca_static",  // the chip's key: private, public value
         [](const Words& w) {
             const auto priv = bytes_at(w, 1), pub = bytes_at(w, 2);
             need(CA_set_key(run(), priv.data(), priv.size(), pub.data(), pub.size()), "CA_set_key");
             return "ok";
         }},
        {"ca_ephemeral", [](const Words&) { return "ok " + chip_authentication_key(); }},  // public value, compressed
        {"ca_agree",
         [](const Words& w) {
             agree_chip_authentication(bytes_at(w, 1));
             return "ok";
         }},
        {"compress",  // pace or ca, public value
         [](const Words& w) {
             return ok(take(EAC_Comp(run(), w.at(1) == "pace" ? EAC_ID_PACE : EAC_ID_CA, buffer(bytes_at(w, 2)).get()), "compress"));
         }},

        {"ta",  // once in a run. A chip: none, the trust anchor; a terminal: its private key, its own certificate
         [](const Words& w) {
             const auto key = bytes_at(w, 1), anchor = bytes_at(w, 2);
             need(EAC_CTX_init_ta(run(), key.data(), key.size(), anchor.data(), anchor.size()), "EAC_CTX_init_ta");
             TA_disable_checks(run());  // of the clock: test certificates have run out
             return "ok";
         }},
        {"import",
         [](const Words& w) {
             const auto certificate = bytes_at(w, 1);
             return yes_or_no(TA_STEP2_import_certificate(run(), certificate.data(), certificate.size()), "certificate");
         }},
        {"describe", [](const Words& w) { return "ok " + describe(bytes_at(w, 1)); }},
        {"challenge", [](const Words&) { return ok(take(TA_STEP4_get_nonce(run()), "challenge")); }},
        {"set_challenge",
         [](const Words& w) {
             need(TA_STEP4_set_nonce(run(), buffer(bytes_at(w, 1)).get()), "challenge");
             return "ok";
         }},
        {"sign",  // compressed key of the terminal, id of the chip
         [](const Words& w) {
             return ok(take(TA_STEP5_sign(run(), buffer(bytes_at(w, 1)).get(), buffer(bytes_at(w, 2)).get(), nullptr), "sign"));
         }},
        {"verify",  // the same, signature
         [](const Words& w) {
             const auto key = buffer(bytes_at(w, 1)), id = buffer(bytes_at(w, 2)), signature = buffer(bytes_at(w, 3));
             return yes_or_no(TA_STEP6_verify(run(), key.get(), id.get(), nullptr, signature.get()), "verify");
         }},
    };
    return table;
}

std::string answer(const std::string& line) {
    std::istringstream stream(line);
    Words words;
    for (std::string word; stream >> word;) words.push_back(word);
    const auto it = words.empty() ? requests().end() : requests().find(words[0]);
    if (it == requests().end()) return "error unknown request";
    try {
        return it->second(words);
    } catch (const std::exception& e) {
        return std::string("error ") + e.what();
    }
}

}  // namespace

int main() {
    // libeac loads and unloads the legacy provider (single DES) around each retail MAC: held here, that costs nothing.
    OSSL_PROVIDER_load(nullptr, "default");
    OSSL_PROVIDER_load(nullptr, "legacy");
    RAND_set_rand_method(&repeatable);
    EAC_init();
    context.reset(EAC_CTX_new());
    for (std::string line; std::getline(std::cin, line);) std::cout << answer(line) << std::endl;
    std::_Exit(0);  // no search for what libeac leaked
}
