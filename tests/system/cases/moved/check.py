"""A desktop's shell that moves the launcher into a scope of its own takes it out of ours: it goes back, and the app is born in its leaf."""
import threading

from manager import *

holder = subprocess.Popen(["systemd-run", "--user", "--scope", "--quiet", "--slice", "app.slice", "--unit", "app-shell-icon.scope", "/bin/sleep", "600"])
elsewhere = os.path.join(GROUPS, "app.slice/app-shell-icon.scope/cgroup.procs")
wait_until("the shell's scope", lambda: os.path.exists(elsewhere) and read(elsewhere))
moves = 0
for number in range(5):
    name = f"moved{number}"
    ours = os.path.join(GROUPS, f"app.slice/app-sandbox-{name}.scope/cgroup.procs")
    ended = threading.Event()

    def move():
        """As soon as the launcher stands in its new scope, once."""
        while not ended.is_set():
            try:
                for pid in read(ours).split():
                    with open(elsewhere, "w") as file:
                        file.write(pid)
                    return pid
            except OSError:
                pass

    found = []
    shell = threading.Thread(target=lambda: found.append(move()))
    shell.start()
    with running(name, "/bin/sleep", "60") as process:
        ended.set()
        shell.join()
        moves += found[0] is not None
        state = json.loads(verb("state", name).stdout)
        equal(state["unit"], f"app-sandbox-{name}.scope", f"the unit; moved: {found}")
        equal(group_of(state["app-pid"]), f"/app.slice/{state['unit']}/app", "the app's group")
        equal(group_of(state["supervisor-pid"]), f"/app.slice/{state['unit']}/supervisor", "the supervisor's group")
        succeeds(verb("kill", "--all", name), "kill")
        equal(process.wait(20), 137, "the status")
        equal(process.stderr.read(), "", "what is said of it")
check(moves > 0, "the control: no launcher was moved")
holder.terminate()
holder.wait(10)
nothing_left()
