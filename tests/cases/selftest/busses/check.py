"""selftest on a bus: names that no rule grants are blocked, one that is granted is told with its key, one that nobody has shows
nothing; and where the proxy lets everything through, the rows say so and the status is not 0."""
from services.helpers import *

PROFILE = profile("org.example.Probed", '[dbus.session]\n"org.freedesktop.Notifications" = "talk"\n')
PROBER = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-probe")
MUST_HOLD = {"call org.freedesktop.systemd1", "call org.freedesktop.secrets", "start org.freedesktop.systemd1", "environment of what it starts", "own org.sandbox.Selftest", "overhear by eavesdrop=true",
             "overhear by eavesdrop =true", "overhear by type='method_call',eavesdrop='true'", "become a monitor"}


def rows(done):
    """What was tried on the session bus → how it ended, and the last word."""
    document = json.loads(done.stdout)
    return {one["what"].removeprefix("bus:session "): (one["outcome"], one["detail"]) for one in document["attempts"] if one["what"].startswith("bus:session ")}


def selftest(*before):
    return run(*before, SANDBOX, "selftest", "--profile", "org.example.Probed", "--json", timeout=60)


with bus():
    services = [Service(name) for name in ("org.freedesktop.systemd1", "org.freedesktop.secrets", "org.freedesktop.Notifications")]
    # The probe by itself, without a sandbox: what it does can succeed.
    done = run(PROBER, "busses", env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={SESSION_BUS}"})
    free = {line.split("\t")[1].removeprefix("bus:session "): line.split("\t")[3] for line in done.stdout.splitlines()[:-1]}
    equal({name for name in MUST_HOLD if free.get(name) != "through"}, set(), f"what does not succeed outside: {free}")
    done = selftest()
    equal(done.returncode, 0, f"the status ({done.stderr}) {[row for row in rows(done).items() if row[1][0] == 'through']}")
    found = rows(done)
    equal({name: found.get(name) for name in MUST_HOLD if found.get(name, ("",))[0] != "blocked"}, {}, "what is not blocked")
    equal(found["call org.freedesktop.Notifications"], ("granted", "dbus.session"), "what the profile grants")
    equal(found["call org.gnome.Shell"], ("absent", "not on the host's bus either"), "what nobody has")
    equal([row for row in found.values() if row[0] == "through"], [], "what got through")
    check(not [one for service in services[:2] for one in service.members() if one and one != "Ping"], "a call arrived")
    # A profile without rules has no bus inside, and no row.
    done = run(SANDBOX, "selftest", "--json", timeout=60)
    equal((done.returncode, rows(done)), (0, {}), "the closed profile")
    # The same with a proxy that was made to filter nothing.
    weak = f"{HOME}/weak-proxy"
    with open(weak, "w") as file:
        file.write('#!/bin/sh\nfor word; do shift; [ "$word" = --filter ] || set -- "$@" "$word"; done\nexec /usr/bin/factor "$@"\n')
    os.chmod(weak, 0o755)
    done = selftest("unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/bin/sh", "-c",
                    f'mount --bind /usr/bin/xdg-dbus-proxy /usr/bin/factor && mount --bind {weak} /usr/bin/xdg-dbus-proxy && exec "$@"', "-")
    found = rows(done)
    equal(done.returncode, 1, f"the status behind a proxy that filters nothing ({done.stderr}): {found}")
    equal({name: found.get(name) for name in MUST_HOLD if found.get(name, ("",))[0] != "through"}, {}, "what did not get through it")
    document = json.loads(done.stdout)
    check(document["blocked"] < document["tried"], f"{document['blocked']} of {document['tried']}")
no_survivors()
