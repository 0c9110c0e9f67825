"""Daemons end with the application, whose status is the sandbox's; zombies of theirs are reaped meanwhile."""
from support import *

daemon = 'import os, time\nfor turn in range(3):\n if os.fork() == 0:\n  os.setsid()\n  if os.fork(): os._exit(0)\n  os.chdir("/")\n  time.sleep(600)\n'
done = minimal("/usr/bin/python3", "-c", daemon + "time.sleep(0.2)\nos._exit(6)", stdout=subprocess.DEVNULL)
equal(done.returncode, 6, "status")
no_survivors()
orphans = "import os, time, glob\nfor turn in range(20):\n if os.fork() == 0:\n  if os.fork() == 0: os._exit(0)\n  os._exit(0)\n os.wait()\ntime.sleep(0.3)\n" \
    "print(sum('\\nState:\\tZ' in open(p).read() for p in glob.glob('/proc/[0-9]*/status')))"
done = minimal("/usr/bin/python3", "-c", orphans)
equal((done.returncode, done.stdout), (0, "0\n"), "zombies inside")
