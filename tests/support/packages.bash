# Debian packages, installed only where they are missing. Sourced by tests/run and ./try.

build_packages=(g++ libc6-dev meson ninja-build pkgconf libseccomp-dev libcap-ng-dev libglib2.0-dev libtomlplusplus-dev nlohmann-json3-dev catch2 python3 scdoc)
display_packages=(xvfb xauth x11-utils xdotool imagemagick fonts-dejavu-core)
# What tests/apps shows in real displays, on a real bus, with a real sound server.  libnotify4: Firefox speaks to the desktop by it, and does not ask for it.
app_packages=(firefox-esr chromium evince eog feh mpv keepassxc xterm foot mousepad gnome-text-editor galculator
    libnotify4 poppler-utils sway grim wtype python3-gi pipewire-bin pipewire-pulse wireplumber pulseaudio-utils)
machine_packages=(qemu-system-x86 mmdebstrap e2fsprogs xz-utils) # what tests/system/machine is built and run with
# What tests/packages builds and looks at packages with, and what it starts from a menu; wanted where that suite is run alone.
packaging_packages=(debhelper dpkg-dev lintian pkgconf git xz-utils libgtk-3-bin galculator rpm apparmor)
# The programs beside the sandbox, and the real peers of its services.
sidecar_packages=(xdg-dbus-proxy xdg-desktop-portal xdg-desktop-portal-gtk fuse3 xserver-xephyr xauth at-spi2-core openssh-client gnupg gpg-agent xdg-utils cups-daemon cups-client)
test_packages=("${display_packages[@]}" "${machine_packages[@]}" git passwd uidmap util-linux bubblewrap runc strace busybox-static systemd dbus-user-session dbus-daemon iproute2 passt slirp4netns crun firejail
    clang clang-format clang-tidy libclang-rt-14-dev valgrind cppcheck shellcheck desktop-file-utils libglib2.0-bin shared-mime-info "${app_packages[@]}" "${sidecar_packages[@]}")

# Shells whose completion is asked for, and the profiles that are imported.
explain_packages=(zsh fish firejail-profiles)
test_packages+=("${explain_packages[@]}")

# missing_packages NAME… : those that are not installed, one a line.
missing_packages() {
    local name
    for name in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || printf '%s\n' "$name"
    done
}

# install_packages WHAT NAME… : installs the missing ones; the package lists are fetched only when that fails without.
install_packages() {
    local what=$1 missing log
    shift
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        echo "missing packages for $what: ${missing[*]}" >&2
        echo "start this as root or through sudo once, or: sudo apt-get install ${missing[*]}" >&2
        return 1
    fi
    printf '== installing %d packages for %s: %s\n' "${#missing[@]}" "$what" "${missing[*]}"
    log=$(mktemp)
    local install=(apt-get install -y -q --no-install-recommends "${missing[@]}")
    export DEBIAN_FRONTEND=noninteractive
    if ! "${install[@]}" </dev/null >"$log" 2>&1; then
        echo "   fetching the package lists"
        if ! { apt-get update -q </dev/null && "${install[@]}" </dev/null; } >"$log" 2>&1; then
            tail -n 20 "$log" >&2
            echo "the packages for $what could not be installed (whole log: $log)" >&2
            return 1
        fi
    fi
    rm -f "$log"
}
