from support import *

works()

folder = f"{HOME}/.config/sandbox"
os.makedirs(f"{folder}/class", exist_ok=True)
os.makedirs(f"{folder}/apps", exist_ok=True)
for name, other in (("one", "two"), ("two", "one")):
    with open(f"{folder}/class/{name}.toml", "w") as file:
        file.write(f"schema = 1\n[app]\nextends = ['class/{other}']\n")
with open(f"{folder}/apps/org.example.Cycle.toml", "w") as file:
    file.write("schema = 1\n[app]\nid = 'org.example.Cycle'\nnames = ['cycle']\nexec = ['/bin/true']\nextends = ['class/one']\n")
one_error(run(SANDBOX, "run", "cycle", timeout=10), 125, ".toml:3:")
