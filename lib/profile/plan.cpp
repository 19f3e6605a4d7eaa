#include <idchip/profile/plan.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::profile {
namespace {

Result<Byte> one_byte(const std::string& expression, const Variables& variables) {
    const auto bytes = TRY(evaluate(expression, variables));
    if (bytes.size() != 1) return fail(Errc::profile_bad, "expression", "P1 and P2 are one byte each");
    return bytes[0];
}

Result<std::uint32_t> expected_length(const std::string& expression, const Variables& variables) {
    const auto value = TRY(evaluate_value(expression, variables));
    if (!value.number || *value.number == 0 || *value.number > 65'536)
        return fail(Errc::profile_bad, "expression", "Le is a number from 1 to 65536");
    return static_cast<std::uint32_t>(*value.number);
}

Result<PlannedCommand> instantiate_as(std::string id, const CommandTemplate& t, const Variables& variables, const Encrypt& encrypt) {
    PlannedCommand p;
    p.id = std::move(id);
    p.expect = t.expect;
    p.on_sw = t.on_sw;
    p.secret = t.secret;
    p.plain = t.plain;
    const auto in_place = [&](auto&& result) {
        if (!result) result.error().where = t.id;
        return std::move(result);
    };
    p.apdu.cla = t.cla;
    p.apdu.ins = t.ins;
    p.apdu.p1 = TRY(in_place(one_byte(t.p1, variables)));
    p.apdu.p2 = TRY(in_place(one_byte(t.p2, variables)));
    if (!t.data.empty()) p.apdu.data = TRY(in_place(evaluate(t.data, variables, encrypt)));
    if (!t.le.empty()) p.apdu.le = TRY(in_place(expected_length(t.le, variables)));
    if (t.answer) p.answer = TRY(in_place(evaluate(*t.answer, variables)));
    return p;
}

// Block numbers have one byte, and cards begin anew at 0.
constexpr std::size_t most_in_sequence = 256;

// The commands of one card. Blocks of a sequence are numbered through several steps and the last one is marked: how many there are is known
// only when all have been counted, so everything is walked twice.
class Planner {
public:
    Planner(const Profile& profile, const Variables& given, const lds::Files& files, const Encrypt& encrypt)
        : profile_(profile), variables_(given), files_(files), encrypt_(encrypt) {
        variables_["application"] = Value::of(ByteView(profile.application));
        for (const auto& [ef, content] : files) variables_["file." + lds::name(ef)] = Value::of(ByteView(content));
    }

    Result<Plan> plan() {
        TRY(walk());
        if (!at_.empty()) {
            in_all_ = std::exchange(at_, {});
            for (const auto& [name, count] : in_all_)
                if (count > most_in_sequence)
                    return fail(Errc::perso_does_not_fit, name, fmt::format("{} blocks, a card counts {}", count, most_in_sequence));
            TRY(walk());
        }
        return std::move(plan_);
    }

private:
    Result<void> walk() {
        plan_ = {};
        plan_.profile = fmt::format("{} version {}", profile_.name, profile_.version);
        plan_.profile_hash = profile_.hash;
        TRY(add_steps(profile_.steps, plan_.write));
        for (const auto& c : profile_.lock) TRY(add(c, "", plan_.lock));
        // What is read back and proven is no part of what was counted for the lock.
        TRY(add_steps(profile_.read_back_steps, plan_.read_back));
        for (const auto& c : profile_.lock_proof) TRY(add(c, "", plan_.lock_proof));
        return {};
    }

    bool given(const std::vector<std::string>& names) const {
        return std::all_of(names.begin(), names.end(), [this](const std::string& n) { return variables_.contains(n); });
    }

    Result<void> add_steps(const std::vector<Step>& steps, std::vector<PlannedCommand>& into) {
        for (const auto& step : steps)
            if (given(step.when)) TRY(add_step(step, into));
        return {};
    }

    Result<void> add_step(const Step& step, std::vector<PlannedCommand>& into) {
        if (step.loop == Loop::once) return add_all(step.commands, "", into);
        Value collected;
        for (const auto& object : step.loop == Loop::files ? profile_.files : profile_.secrets) {
            if (object.with_lock || !TRY(enter(object))) continue;
            if (step.collect) append(collected.bytes, Value(TRY(value_of(*step.collect, object.name)), {}).bytes);
            else TRY(add_all(step.commands, object.name, into));
            leave();
        }
        if (!step.collect || collected.bytes.empty()) return {};
        variables_["collected"] = std::move(collected);
        TRY(add_all(step.commands, "", into));
        variables_.erase("collected");
        return {};
    }

    // Whether this card has the object.
    Result<bool> enter(const Object& object) {
        if (object.file) {
            const auto it = files_.find(*object.file);
            if (it == files_.end()) return false;
            Bytes fid;
            append_be(fid, lds::info(*object.file).fid, 2);
            set("object.fid", Value::of(ByteView(fid)));
            set_content(it->second);
        } else {
            if (!given(object.when)) return false;
            set_content(Value(TRY(value_of(object.value, object.name)), {}).bytes);
        }
        for (const auto& [name, expression] : object.parameters)
            set("object." + name, Value::of(ByteView(TRY(value_of(expression, object.name)))));
        return true;
    }
    void set_content(ByteView content) {
        set("object.content", Value::of(content));
        set("object.size", Value::of(std::uint64_t{content.size()}));
    }
    void set(const std::string& name, Value value) {
        variables_[name] = std::move(value);
        of_object_.push_back(name);
    }
    void leave() {
        for (const auto& name : of_object_) variables_.erase(name);
        of_object_.clear();
    }

    Result<Bytes> value_of(const std::string& expression, const std::string& where) {
        auto value = evaluate(expression, variables_, encrypt_);
        if (!value) value.error().where = where;
        return value;
    }

    Result<void> add_all(const std::vector<CommandTemplate>& commands, const std::string& object, std::vector<PlannedCommand>& into) {
        for (const auto& command : commands) TRY(add(command, object, into));
        return {};
    }

    Result<void> add(const CommandTemplate& t, const std::string& object, std::vector<PlannedCommand>& into) {
        const auto id = object.empty() ? t.id : t.id + " " + object;
        if (t.chunks_of.empty()) {
            number(t, 0, 1);
            into.push_back(TRY(instantiate_as(id, t, variables_, encrypt_)));
            return {};
        }
        const Value all(TRY(value_of(t.chunks_of, t.id)), {});
        const ByteView content = all.bytes;
        const auto count = (content.size() + profile_.max_write - 1) / profile_.max_write;
        for (std::size_t i = 0; i < count; ++i) {
            const auto offset = i * profile_.max_write;
            variables_["chunk"] = Value::of(content.subspan(offset, std::min(profile_.max_write, content.size() - offset)));
            variables_["chunk.offset"] = Value::of(std::uint64_t{offset});
            variables_["chunk.offset_high"] = Value::of(std::uint64_t{offset >> 8U & 0xFFU});
            variables_["chunk.offset_low"] = Value::of(std::uint64_t{offset & 0xFFU});
            number(t, i, count);
            into.push_back(TRY(instantiate_as(fmt::format("{} {}/{}", id, i + 1, count), t, variables_, encrypt_)));
        }
        return {};
    }

    // chunk.last: bit 8, where ISO/IEC 7816-4 and GlobalPlatform have it.
    void number(const CommandTemplate& t, std::size_t index, std::size_t count) {
        if (!t.sequence.empty()) {
            index = at_[t.sequence]++;
            count = in_all_.contains(t.sequence) ? in_all_[t.sequence] : 0;
        }
        variables_["chunk.number"] = Value::of(std::uint64_t{index & 0xFFU});
        variables_["chunk.last"] = Value::of(ByteView(Bytes{index + 1 == count ? Byte{0x80} : Byte{0x00}}));
    }

    const Profile& profile_;
    Variables variables_;
    const lds::Files& files_;
    const Encrypt& encrypt_;
    Plan plan_;
    std::vector<std::string> of_object_;
    std::map<std::string, std::size_t> at_, in_all_;  // blocks of each sequence
};

Result<void> check_room(const Profile& profile, const lds::Files& files) {
    std::size_t all = 0;
    for (const auto& [ef, content] : files) {
        if (profile.place_of(ef) == nullptr)
            return fail(Errc::perso_does_not_fit, lds::name(ef), "cards of profile " + profile.name + " have no place for it");
        if (content.size() > profile.largest_file)
            return fail(Errc::perso_does_not_fit, lds::name(ef),
                        fmt::format("{} bytes, the card takes {}", content.size(), profile.largest_file));
        all += content.size();
    }
    if (profile.memory != 0 && all > profile.memory)
        return fail(Errc::perso_does_not_fit, {}, fmt::format("{} bytes in all files, the card holds {}", all, profile.memory));
    return {};
}

}  // namespace

Result<Bytes> encrypt_later(ByteView data) { return Bytes(data.size()); }

Result<PlannedCommand> instantiate(const CommandTemplate& command, const Variables& variables, const Encrypt& encrypt) {
    return instantiate_as(command.id, command, variables, encrypt);
}

Result<Plan> make_plan(const Profile& profile, const Variables& given, const lds::Files& files, const Encrypt& encrypt) {
    TRY(check_room(profile, files));
    return Planner(profile, given, files, encrypt).plan();
}

std::string to_text(const Plan& plan, bool with_data) {
    std::string text = fmt::format("profile {} (SHA-256 {})\n", plan.profile, plan.profile_hash.substr(0, 16));
    const auto lines = [&](const std::vector<PlannedCommand>& commands) {
        for (const auto& c : commands) {
            const auto data = c.apdu.data.empty() ? std::string()
                              : c.secret          ? fmt::format(" [{} secret bytes]", c.apdu.data.size())
                              : with_data         ? " " + to_hex(c.apdu.data)
                                                  : fmt::format(" [{} bytes]", c.apdu.data.size());
            const auto le = c.apdu.le ? fmt::format(" Le {}", *c.apdu.le) : std::string();
            text += fmt::format("{:<24} {}{}{} -> {:04X}\n", c.id, to_hex(c.apdu.header()), data, le, c.expect.front());
        }
    };
    lines(plan.write);
    text += "-- read everything back where the card lets, and compare byte by byte\n";
    lines(plan.read_back);
    lines(plan.lock);
    lines(plan.lock_proof);
    text += "-- inspect as a checkpoint would\n";
    return text;
}

}  // namespace idchip::profile
