"""Tabs of WebKitGTK: commands on standard input, replies and events on standard output, each a line of JSON.

A tab is a WebView with a web process of its own, in a window of its own: a page is visible or hidden as that window is. All tabs share one
data store, those of the private window another. Ends, with all that it has started, when standard input ends.
"""

import json
import os
import subprocess
import sys

# The libraries print what they like; what is read by the driver goes here alone.
replies = os.dup(1)
os.dup2(2, 1)

os.environ.update(WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS="1", GDK_BACKEND="x11", NO_AT_BRIDGE="1")
source, sink = os.pipe()
screen = ["Xvfb", "-displayfd", str(sink), "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-terminate"]
subprocess.Popen(screen, pass_fds=[sink], stderr=subprocess.DEVNULL)
os.close(sink)
os.environ["DISPLAY"] = ":" + os.read(source, 16).decode().strip()

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2

pollMs = 2


def emit(**message):
    data = (json.dumps(message) + "\n").encode()
    while data:
        data = data[os.write(replies, data) :]


def read(path):
    """What a file holds; nothing if it has gone meanwhile, as those of a process or a thread may."""
    try:
        return open(path).read()
    except OSError:
        return ""


def web_processes():
    """The web processes of all tabs."""
    children = [pid for task in os.listdir("/proc/self/task") for pid in read(f"/proc/self/task/{task}/children").split()]
    return {int(pid) for pid in children if "/WebKitWebProcess" in read(f"/proc/{pid}/cmdline")}


class Tab:
    # By whether the window is private. All that either stores is gone afterwards.
    contexts = {False: WebKit2.WebContext.new_ephemeral(), True: WebKit2.WebContext.new_ephemeral()}
    every = {}
    # What starts a web process waits for the one before it, so that each new process has one tab.
    starts = []

    def __init__(self, name, script, private):
        self.name, self.pid, self.dialog, self.opened = name, None, None, []
        manager = WebKit2.UserContentManager()
        manager.connect("script-message-received::driver", self.told)
        manager.register_script_message_handler("driver")
        frames, time = WebKit2.UserContentInjectedFrames.ALL_FRAMES, WebKit2.UserScriptInjectionTime.START
        manager.add_script(WebKit2.UserScript(script, frames, time, None, None))
        settings = WebKit2.Settings(
            enable_page_cache=True,
            javascript_can_open_windows_automatically=True,
            hardware_acceleration_policy=WebKit2.HardwareAccelerationPolicy.NEVER,
        )
        self.view = WebKit2.WebView(user_content_manager=manager, settings=settings, web_context=Tab.contexts[private])
        self.view.connect("load-changed", lambda _, state: self.emit("load", state=state.value_nick))
        self.view.connect("load-failed", lambda *details: self.emit("load", state="failed", reason=details[-1].message))
        self.view.connect("web-process-terminated", self.terminated)
        self.view.connect("script-dialog", self.asked)
        self.view.connect("create", self.open_window)
        self.window = Gtk.Window(default_width=400, default_height=300)
        self.window.add(self.view)
        self.view.show()
        Tab.every[name] = self

    def emit(self, event, **fields):
        emit(event=event, tab=self.name, **fields)

    def told(self, _, result):
        self.emit("told", message=result.get_js_value().to_string())

    def terminated(self, _, reason):
        self.pid = None
        self.emit("terminated")

    def asked(self, _, dialog):
        self.dialog = dialog
        self.emit("dialog")
        return True  # The page waits until it is dismissed.

    def open_window(self, view, _):
        """A window that the page opens, in the web process of that page."""
        opened = WebKit2.WebView.new_with_related_view(view)
        window = Gtk.Window(default_width=400, default_height=300)
        window.add(opened)
        self.opened.append(window)
        opened.connect("ready-to-show", lambda _: window.show_all())
        opened.connect("close", lambda _: window.destroy())
        return opened

    def dismiss(self):
        dialog, self.dialog = self.dialog, None
        dialog.close()

    def front(self):
        for tab in Tab.every.values():
            tab.window.set_visible(tab is self)

    def close(self):
        del Tab.every[self.name]
        self.dialog = None
        for window in [*self.opened, self.window]:
            window.destroy()

    def start(self, action, reply):
        """Does something that starts a web process if there is none, and replies with its number."""
        before = set()

        def look():
            if self.pid is None:
                self.pid = next(iter(web_processes() - before), None)
            if self.pid is None and self.name in Tab.every:
                return True
            reply(value=self.pid)
            Tab.starts.pop(0)
            if Tab.starts:
                Tab.starts[0]()
            return False

        def begin():
            before.update(web_processes())
            action()
            if look():
                GLib.timeout_add(pollMs, look)

        Tab.starts.append(begin)
        if len(Tab.starts) == 1:
            begin()

    def evaluate(self, expression, reply):
        def done(view, result):
            try:
                reply(value=view.call_async_javascript_function_finish(result).to_string())
            except GLib.Error as error:
                reply(error=error.message)

        body = f"const value = await ({expression}); return JSON.stringify(value === undefined ? null : value);"
        self.view.call_async_javascript_function(body, -1, None, None, None, None, done)


def obey(id, command, tab, **options):
    def reply(**fields):
        emit(id=id, **fields)

    try:
        if command == "open":
            opened = Tab(tab, options["script"], options["isPrivate"])
            opened.front()
            return opened.start(lambda: opened.view.load_uri("about:blank"), reply)
        if command == "version":
            parts = WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()
            return reply(value="WebKitGTK/" + ".".join(map(str, parts)))
        self = Tab.every[tab]
        if command == "evaluate":
            return self.evaluate(options["expression"], reply)
        if command == "load":
            return self.start(lambda: self.view.load_uri(options["url"]), reply)
        if command == "reload":
            return self.start(self.view.reload, reply)
        {"front": self.front, "dismiss": self.dismiss, "close": self.close}[command]()
        reply(value=None)
    except Exception as error:
        reply(error=repr(error))


rest = b""


def readable(fd, _):
    global rest
    data = os.read(fd, 65536)
    if not data:
        Gtk.main_quit()
        return False
    *lines, rest = (rest + data).split(b"\n")
    for line in lines:
        obey(**json.loads(line))
    return True


GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, 0, GLib.IOCondition.IN | GLib.IOCondition.HUP, readable)
Gtk.main()
for pid in web_processes():
    os.kill(pid, 9)  # One in a busy loop would run on.
