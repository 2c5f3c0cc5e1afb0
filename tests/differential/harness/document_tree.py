"""Makes the files, links and directories of a case; both servers serve the same tree."""
import calendar
import os
import pwd
import time

LONG_AGO = '2020-01-02T03:04:05'


def make_tree(root, entries):
    root.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        path = root / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.kind == 'link':
            path.symlink_to(entry.target)
        elif entry.kind == 'directory':
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(entry.content)
    set_modes(root, entries)
    set_times(root, entries)


def set_modes(root, entries):
    for entry in entries:
        path = root / entry.path
        if 'mode' in entry.options:
            path.chmod(int(entry.options['mode'], 8))
        if 'owner' in entry.options and os.geteuid() == 0:
            owner = pwd.getpwnam(entry.options['owner'])
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def set_times(root, entries):
    """Children before parents, since making a child touched its parent."""
    wanted = {str(root / entry.path): entry.options.get('mtime', LONG_AGO) for entry in entries}
    for folder, _, files in os.walk(root, topdown=False):
        for name in files:
            set_time(os.path.join(folder, name), wanted)
        set_time(folder, wanted)


def set_time(path, wanted):
    text = wanted.get(path, LONG_AGO)
    seconds = calendar.timegm(time.strptime(text, '%Y-%m-%dT%H:%M:%S'))
    os.utime(path, (seconds, seconds), follow_symlinks=False)
