"""Two hundred starts and ends, four at a time, some killed: no unit, group, record or process is left; ps never stumbles."""
import concurrent.futures
import random

from manager import *

choice = random.Random(7)


def one(index):
    process = subprocess.Popen([SANDBOX, "run", "--profile", "minimal", "--id", f"n{index}", "--", "/bin/true" if index % 3 else "/bin/sleep", *([] if index % 3 else ["30"])],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if index % 3 == 0:
        # Not before its record: the manager may otherwise move what is dead already into a scope that nothing empties.
        wait_until("the record", lambda: os.path.exists(os.path.join(RECORDS, f"n{index}/control")) or process.poll() is not None)
        time.sleep(choice.random() * 0.03)
        process.send_signal(choice.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
    _, said = process.communicate(timeout=30)
    return index, process.returncode, said


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for index, status, said in pool.map(one, range(200)):
        if index % 3:
            equal((status, said), (0, ""), f"start {index}")
        if index % 10 == 0:
            equal(verb("ps").returncode, 0, "ps meanwhile")
wait_until("the last helpers", lambda: not any(command_of(pid).startswith("sandbox") for pid in filter(str.isdigit, os.listdir("/proc"))))
nothing_left()
