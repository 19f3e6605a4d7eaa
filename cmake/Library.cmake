# idchip::idchip: every room under lib/, one installable library.
file(GLOB_RECURSE IDCHIP_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/*.cpp)
list(FILTER IDCHIP_SOURCES EXCLUDE REGEX "/lib/codec/child/")  # a program of its own
add_library(idchip ${IDCHIP_SOURCES})
add_library(idchip::idchip ALIAS idchip)
target_compile_features(idchip PUBLIC cxx_std_20)
target_include_directories(idchip
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  PRIVATE ${PROJECT_SOURCE_DIR}/lib)
target_link_libraries(idchip
  PUBLIC tl::expected
  PRIVATE $<BUILD_INTERFACE:idchip_flags> $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>
          OpenSSL::Crypto PkgConfig::BOTAN PkgConfig::PCSC PkgConfig::P11KIT PkgConfig::UTF8PROC PkgConfig::QRENCODE PkgConfig::SQLITE PkgConfig::LIBPQ
          fmt::fmt JPEG::JPEG Threads::Threads)
target_compile_definitions(idchip PRIVATE
  IDCHIP_VERSION="${PROJECT_VERSION}"
  IDCHIP_DATA_DIR="${CMAKE_INSTALL_FULL_DATADIR}/idchip"
  IDCHIP_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
  IDCHIP_LIBEXEC_DIR="${CMAKE_INSTALL_FULL_LIBEXECDIR}")
target_precompile_headers(idchip PRIVATE
  <algorithm> <array> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string> <string_view> <vector>
  <fmt/format.h> <tl/expected.hpp>)

# The sandboxed child: docs/adr/0004-image-sandbox.md. Never built with sanitizers, whose shadow memory no sandbox allows.
file(GLOB IDCHIP_CODEC_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/codec/child/*.cpp)
add_executable(idchip_codec ${IDCHIP_CODEC_SOURCES})
set_target_properties(idchip_codec PROPERTIES OUTPUT_NAME idchip-codec RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
target_include_directories(idchip_codec PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/lib)
target_link_libraries(idchip_codec PRIVATE idchip_hardening tl::expected JPEG::JPEG PNG::PNG PkgConfig::OPENJPEG PkgConfig::SECCOMP)
target_link_options(idchip_codec PRIVATE -pie)
install(TARGETS idchip_codec RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR})

set_target_properties(idchip PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

include(CMakePackageConfigHelpers)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/idchipConfig.cmake.in
  ${PROJECT_BINARY_DIR}/idchipConfig.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/idchip)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/idchipConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(TARGETS idchip EXPORT idchipTargets)
install(EXPORT idchipTargets NAMESPACE idchip:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/idchip)
install(FILES ${PROJECT_BINARY_DIR}/idchipConfig.cmake ${PROJECT_BINARY_DIR}/idchipConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/idchip)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/idchip DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/profiles ${PROJECT_SOURCE_DIR}/test-vectors ${PROJECT_SOURCE_DIR}/data/cards
  ${PROJECT_SOURCE_DIR}/data/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/idchip)
