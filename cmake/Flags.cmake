# Flags for our own targets only; nothing of this is exported. `idchip_hardening` is warnings and hardening; `idchip_flags` adds
# sanitizers and coverage where a preset asks for them.
add_library(idchip_hardening INTERFACE)
add_library(idchip_flags INTERFACE)
target_link_libraries(idchip_flags INTERFACE idchip_hardening)

if(IDCHIP_DEVELOPER)
  target_compile_options(idchip_hardening INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-align
    -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # gcc 12 sees null, overflow and uninitialized members where there are none once std::vector and std::optional are inlined.
    target_compile_options(idchip_hardening INTERFACE -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-restrict
      -Wno-maybe-uninitialized)
  endif()
endif()

target_compile_options(idchip_hardening INTERFACE -fstack-protector-strong -fno-plt)
target_compile_definitions(idchip_hardening INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(idchip_hardening INTERFACE -fstack-clash-protection -fcf-protection)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT IDCHIP_SANITIZE)
  target_compile_options(idchip_hardening INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
target_link_options(idchip_hardening INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,--as-needed)

if(IDCHIP_SANITIZE)
  target_compile_options(idchip_flags INTERFACE -fsanitize=${IDCHIP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(idchip_flags INTERFACE -fsanitize=${IDCHIP_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # gcc 12 under sanitizers sees uninitialized members inside libstdc++'s <regex>.
    target_compile_options(idchip_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(IDCHIP_COVERAGE)
  target_compile_options(idchip_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(idchip_flags INTERFACE --coverage)
endif()
