# What is taken from the system. Why each is there: docs/adr/0002-dependencies.md
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(JPEG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCSC REQUIRED IMPORTED_TARGET libpcsclite)
# PKCS#11: its header, and the names of tokens and keys (RFC 7512)
pkg_check_modules(P11KIT REQUIRED IMPORTED_TARGET p11-kit-1)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
# The ledger: one file, or a server.
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
# For the sandboxed child that decodes pictures, not for the library.
find_package(PNG REQUIRED)
pkg_check_modules(OPENJPEG REQUIRED IMPORTED_TARGET libopenjp2)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
# Debian 12 has Botan 2, Debian 13 Botan 3; lib/crypto/botan is the one place that sees the difference.
pkg_search_module(BOTAN REQUIRED IMPORTED_TARGET botan-3 botan-2)
