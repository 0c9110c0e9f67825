# Throw-away unprivileged users, one for each test that runs at the same time. Sourced by tests/run.
#
# A user of its own makes the tests' promises easy to check: whatever process still belongs to it afterwards is a
# survivor, whatever changed in its home was changed by the sandbox.

# Names are sandbox-testN-PID, PID being the run that made them, so that two runs do not meet.
remove_stale_users() {
    local name run
    while IFS=: read -r name _; do
        run=${name##*-}
        [[ $name == sandbox-test[0-9]*-* && ! -e /proc/$run/stat ]] && remove_user "$name"
    done </etc/passwd
    return 0
}

# make_user NAME: with a home, a runtime folder and a range of subordinate ids.
make_user() {
    local name=$1 attempt uid
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        # useradd gives up at once when another one holds the lock of /etc/passwd.
        useradd --create-home --home-dir "/home/$name" --shell /bin/bash --user-group "$name" 2>/dev/null && break
        id -u "$name" >/dev/null 2>&1 && break
        sleep "0.$attempt"
    done
    uid=$(id -u "$name") || { echo "cannot make the test user $name" >&2; return 1; }
    grep -q "^$name:" /etc/subuid 2>/dev/null || usermod --add-subuids "$((uid * 65536))-$((uid * 65536 + 65535))" "$name"
    grep -q "^$name:" /etc/subgid 2>/dev/null || usermod --add-subgids "$((uid * 65536))-$((uid * 65536 + 65535))" "$name"
    chmod 0700 "/home/$name"
    install -d -m 0755 /run/user
    install -d -m 0700 -o "$name" -g "$name" "/run/user/$uid"
}

# Ends what still runs as that user (nobody else uses it) and removes every trace of it.
remove_user() {
    local name=$1 uid status attempt
    uid=$(id -u "$name" 2>/dev/null) || return 0
    ((uid >= 1000)) || return 0
    for attempt in 1 2 3 4 5; do
        local found=0
        for status in /proc/[0-9]*/status; do
            if [[ $(awk '/^Uid:/ {print $2; exit}' "$status" 2>/dev/null) == "$uid" ]]; then
                kill -KILL "$(basename "$(dirname "$status")")" 2>/dev/null && found=1
            fi
        done
        ((found)) || break
        sleep 0.2
    done
    rm -rf --one-file-system "/run/user/$uid"
    find /tmp /var/tmp /dev/shm -xdev -mindepth 1 -maxdepth 1 -uid "$uid" -exec rm -rf --one-file-system {} + 2>/dev/null || true
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        userdel --remove "$name" >/dev/null 2>&1 && break
        id -u "$name" >/dev/null 2>&1 || break
        sleep "0.$attempt"
    done
}
