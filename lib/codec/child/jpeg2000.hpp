// OpenJPEG's handles, and a file in memory for it.
#pragma once

#include <algorithm>
#include <string>

#include <openjpeg.h>

#include "codec/child/channel.hpp"

namespace idchip::codec::child {

inline std::string& last_words() {
    static std::string text;
    return text;
}

[[noreturn]] inline void jpeg2000_fails(const char* step) {
    auto& text = last_words();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    refuse(wire::Status::bad, text.empty() ? step : text);
}

// OpenJPEG reports several errors in a row: the first is the cause.
inline void note_jpeg2000_error(const char* text, void*) {
    if (last_words().empty()) last_words() = text;
}

struct Codec {
    explicit Codec(opj_codec_t* codec) : handle(codec) {
        if (handle == nullptr) jpeg2000_fails("no codec");
        opj_set_error_handler(handle, note_jpeg2000_error, nullptr);
    }
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;
    ~Codec() { opj_destroy_codec(handle); }
    opj_codec_t* handle;
};

// A file in memory as OpenJPEG wants to see it: one position, moved by reading, writing, skipping and seeking.
class Stream {
public:
    explicit Stream(ByteView from) : from_(from), handle_(opj_stream_default_create(OPJ_TRUE)) {
        if (handle_ == nullptr) jpeg2000_fails("no stream");
        opj_stream_set_read_function(handle_, [](void* to, OPJ_SIZE_T size, void* self) { return of(self).read(to, size); });
        opj_stream_set_user_data_length(handle_, from.size());
        finish();
    }
    Stream() : handle_(opj_stream_default_create(OPJ_FALSE)) {
        if (handle_ == nullptr) jpeg2000_fails("no stream");
        opj_stream_set_write_function(handle_, [](void* data, OPJ_SIZE_T size, void* self) { return of(self).write(data, size); });
        finish();
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { opj_stream_destroy(handle_); }
    opj_stream_t* handle() const { return handle_; }
    Bytes take() { return std::move(written_); }

private:
    static Stream& of(void* self) { return *static_cast<Stream*>(self); }

    void finish() {
        opj_stream_set_skip_function(handle_, [](OPJ_OFF_T by, void* self) { return of(self).skip(by); });
        opj_stream_set_seek_function(handle_, [](OPJ_OFF_T to, void* self) { return of(self).seek(to); });
        opj_stream_set_user_data(handle_, this, nullptr);
    }
    OPJ_SIZE_T read(void* to, std::size_t size) {
        if (at_ >= from_.size()) return static_cast<OPJ_SIZE_T>(-1);
        const auto part = from_.subspan(at_, std::min(size, from_.size() - at_));
        std::copy(part.begin(), part.end(), static_cast<Byte*>(to));
        at_ += part.size();
        return part.size();
    }
    OPJ_SIZE_T write(const void* data, std::size_t size) {
        if (written_.size() < at_ + size) written_.resize(at_ + size);
        const auto* bytes = static_cast<const Byte*>(data);
        std::copy(bytes, bytes + size, written_.begin() + static_cast<std::ptrdiff_t>(at_));
        at_ += size;
        return size;
    }
    // Beyond the end of what is read nothing follows; what is written grows by zeros.
    OPJ_OFF_T skip(OPJ_OFF_T by) {
        if (by < 0) return -1;
        at_ += static_cast<std::size_t>(by);
        return by;
    }
    OPJ_BOOL seek(OPJ_OFF_T to) {
        if (to < 0) return OPJ_FALSE;
        at_ = static_cast<std::size_t>(to);
        return OPJ_TRUE;
    }

    ByteView from_;
    Bytes written_;
    std::size_t at_ = 0;
    opj_stream_t* handle_;
};

struct Image {
    Image() = default;
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;
    ~Image() { opj_image_destroy(handle); }
    opj_image_t* handle = nullptr;
};

}  // namespace idchip::codec::child
