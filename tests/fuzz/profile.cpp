// Any text as a profile: it becomes a Plan that holds, or one line of error.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/plan/wire.hpp"
#include "launcher/profile/document.hpp"
#include "launcher/profile/load.hpp"
#include "launcher/profile/read.hpp"
#include "launcher/resolve/resolve.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/fake_host.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace {

using fuzz::require;

support::FakeHost invented_host() {
    support::FakeHost host;
    const base::UniqueFd file = base::sys::open(TESTS_FOLDER "/golden/host", O_RDONLY);
    const auto lines = base::read_all(file, 1U << 20);
    require(lines.ok() && host.tell(lines.value(), "host").ok(), "the invented host can be read");
    return host;
}

void one_line(const base::Error& error) {
    const std::string text = to_text(error);
    require(!text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }),
            "an error is one line without control characters");
}

// In memory, where nobody else is.
std::string written(std::string_view text) {
    static const std::string path = "/dev/shm/fuzz-" + std::to_string(getpid()) + ".toml";
    const base::UniqueFd file = base::sys::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    require(file.valid() && base::write_all(file, text).ok(), "the profile can be written");
    static const int once = std::atexit([] { (void)unlink(path.c_str()); });
    (void)once;
    return path;
}

} // namespace

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    static const support::FakeHost invented = invented_host();
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    // A service is another reader of the same form.
    if (const auto document = profile::parse(text, "service.toml"))
        if (const auto service = profile::read_service(document.value(), profile::Layer::system); !service) one_line(service.error());
    profile::Request request;
    request.profile = written(text);
    const auto profile = profile::load(request);
    if (!profile) return one_line(profile.error()), 0;
    support::FakeHost host = invented;
    const resolve::Invocation invocation{.command = {"/bin/true"}, .arguments = {}, .instance = {}, .preserved_fds = 0, .origin = {"argument 1", 0, 0}};
    const auto resolved = resolve::resolve(profile.value(), invocation, host);
    if (!resolved) return one_line(resolved.error()), 0;
    const plan::Plan& plan = resolved.value().plan;
    if (const auto checked = plan::check(plan); !checked) return one_line(checked.error()), 0;
    const auto again = plan::decode(plan::encode(plan));
    require(again.ok() && again.value() == plan, "a plan comes back from its bytes as it was");
    require(!plan::to_text(plan).empty() && !plan::to_json(plan).empty(), "a plan is printed");
    return 0;
}
