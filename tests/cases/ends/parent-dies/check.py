"""What started the launcher dies: the application goes on by default (as any program), and ends when the launcher is killed."""
from support import *

shell = subprocess.Popen(["/bin/sh", "-c", f'"{SANDBOX}" run --profile minimal -- sleep 600 & echo $!; wait'], stdout=subprocess.PIPE, text=True)
launcher = int(shell.stdout.readline())
wait_until("sleep runs", lambda: "sleep" in descendants(launcher).values())
shell.kill()
shell.wait()
time.sleep(0.2)
check("sleep" in own_processes().values(), f"ended with its caller: {own_processes()}")
os.kill(launcher, signal.SIGKILL)
no_survivors()
