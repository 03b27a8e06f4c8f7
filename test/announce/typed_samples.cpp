// SPDX-License-Identifier: BSL-1.0
#include "typed_samples.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <functional>
#include <stdexcept>

namespace rollcast::test {
namespace {

using announce::decode;
using announce::encode;

template <class T>
void require_described(T const& value)
{
    if constexpr (announce::detail::described_enum<T>) {
        if (boost::describe::enum_to_string(value, nullptr) == nullptr) {
            throw std::logic_error("decoded to an enumerator that is not described");
        }
    } else if constexpr (std::same_as<T, service>) {
        require_described(value.state);
        require_described(value.home.value_or(zone::eu));
    }
}

template <class T>
result<std::vector<std::byte>> recode(std::span<std::byte const> input)
{
    auto const value = decode<T>(input);
    if (!value) {
        return value.error();
    }
    require_described(*value);
    return encode(*value);
}

struct collector {
    std::vector<typed_sample> samples{};

    template <class... T>
    void operator()(T const&... values)
    {
        (add(values), ...);
    }

    template <class T>
    void add(T const& value)
    {
        auto bytes = encode(value);
        auto const decoded = decode<T>(bytes);
        samples.push_back({std::move(bytes), decoded.has_value() && *decoded == value, recode<T>});
    }
};

// The types of <cstdint> are among them.
using integers = boost::mp11::mp_list<char, signed char, unsigned char, char8_t, char16_t, char32_t,
                                      short, unsigned short, int, unsigned, long, unsigned long,
                                      long long, unsigned long long>;

void collect_numbers(collector& collect)
{
    collect(false, true, std::byte{0}, std::byte{255});
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, integers>>([&](auto id) {
        using integer = typename decltype(id)::type;
        using limits = std::numeric_limits<integer>;
        collect(limits::min(), integer{0}, integer{1}, integer{127}, limits::max());
    });
    boost::mp11::mp_for_each<boost::mp11::mp_list<float, double>>([&](auto zero) {
        using limits = std::numeric_limits<decltype(zero)>;
        collect(zero, limits::lowest(), limits::max(), limits::denorm_min(), limits::epsilon(),
                limits::infinity(), -limits::infinity());
    });
    collect(phase::starting, phase::draining, zone::eu, zone::us, offset::lowest, offset::highest,
            error::not_multicast, error::corrupted);
}

void collect_containers(collector& collect)
{
    using namespace std::string_literals;
    collect(""s, "web"s, "\0\xff\x80"s, std::string(300, 'x'));
    collect(std::vector<int>{}, std::vector{1, -1, 1 << 30}, std::vector<bool>(9, true),
            std::vector<std::byte>(200), std::vector<std::vector<std::string>>{{"a", ""}, {}},
            std::vector<double>{0, 1.5});
    collect(std::array<int, 0>{}, std::array{-1, 1}, std::array{"a"s, ""s});
    collect(std::optional<int>(), std::optional(-5),
            std::optional<std::optional<bool>>(std::in_place), std::optional(nothing{}));
    collect(std::pair(1, "x"s), std::tuple<>(), std::tuple(true, 2u, 'c', 0.25f));
    collect(std::map<int, std::string>{}, std::map<int, int>{{-1, 1}, {300, 2}, {2, 3}},
            std::map<std::string, bool, std::greater<>>{{"b", true}, {"aa", false}},
            std::map<point, nothing>{{{1, 2}, {}}, {{0, 3}, {}}},
            std::map<bool, std::map<double, phase>>{{true, {{-1, phase::ready}, {0.5, {}}}}});
    collect(std::unordered_map<int, int>{},
            std::unordered_map<std::string, std::optional<point>>{{"a", {}}, {"b", point{1, 2}}});
}

void collect_structs(collector& collect)
{
    renamed both;
    both.named::name = "old";
    both.name = "new";
    collect(nothing{}, point{-3, 4}, named{"n"}, service{}, busy_service(), both);
    collect(tree{}, chain_of(announce::byte_reader::max_nesting),
            tree{{chain_of(3), tree{}, chain_of(2)}});
}

std::vector<typed_sample> collect_samples()
{
    collector collect;
    collect_numbers(collect);
    collect_containers(collect);
    collect_structs(collect);
    return std::move(collect.samples);
}

} // namespace

tree chain_of(unsigned length)
{
    tree chain;
    for (; length > 1; --length) {
        tree parent;
        parent.children.push_back(std::move(chain));
        chain = std::move(parent);
    }
    return chain;
}

service busy_service()
{
    service busy;
    busy.name = "web";
    busy.state = phase::draining;
    busy.home = zone::us;
    busy.slots = {true, false, true};
    busy.address = {10, 0, 0, 255};
    busy.routes = {{"a", {{1, -1}}}, {"bb", {}}, {"", {{0, 0}, {-70000, 70000}}}};
    busy.loads = {{1, 0.5}, {300, -1e300}, {65535, 1}};
    return busy;
}

std::vector<typed_sample> const& typed_samples()
{
    static auto const all = collect_samples();
    return all;
}

} // namespace rollcast::test
