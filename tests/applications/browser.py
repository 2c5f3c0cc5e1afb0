"""Chromium without a window, and what the tests do with it: go, fill in, press, see."""

import pathlib

from server import wait_until

PATIENCE = 30
# Root has no sandbox, a container little shared memory, and a test nobody to ask for news.
OPTIONS = ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu",
           "disable-component-update", "disable-background-networking", "no-first-run",
           "window-size=1300,1600")


class MissingPackage(AssertionError):
    """Says what to install."""


def need(path, package):
    if not pathlib.Path(path).exists():
        raise MissingPackage(f"install Debian's package {package}: {path} is missing")
    return path


def start_chromium(profile):
    try:
        from selenium import webdriver
    except ImportError as problem:
        raise MissingPackage("install Debian's package python3-selenium") from problem
    options = webdriver.ChromeOptions()
    options.binary_location = need("/usr/bin/chromium", "chromium")
    for option in (*OPTIONS, f"user-data-dir={profile}"):
        options.add_argument(f"--{option}")
    service = webdriver.chrome.service.Service(need("/usr/bin/chromedriver", "chromium-driver"))
    return webdriver.Chrome(service=service, options=options)


class Browser:
    """A browser at one address. Each look at a page waits until there is something to see."""

    def __init__(self, profile, address):
        self.address = address
        self.driver = start_chromium(profile)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)

    def end(self):
        self.driver.quit()

    def go(self, path):
        self.driver.get(self.address + path)

    def find(self, selector):
        """The first that there is, as soon as there is one."""
        found = self.wait(lambda: self.driver.find_elements("css selector", selector), selector)
        return found[0]

    def fill(self, **values):
        """Fields by their names. Pages that move the focus about do not disturb it."""
        for name, value in values.items():
            field = self.find(f'[name="{name}"]')
            if field.get_attribute("type") == "file":
                field.send_keys(value)
            else:
                self.driver.execute_script(
                    "arguments[0].value = arguments[1];"
                    "for (const kind of ['input', 'change'])"
                    "  arguments[0].dispatchEvent(new Event(kind, {bubbles: true}));", field, value)

    def press(self, selector):
        """As a mouse would, but for what lies on top of it; an option of a list is chosen."""
        self.driver.execute_script("arguments[0].selected = true; arguments[0].click()",
                                   self.find(selector))

    def submit(self, selector):
        """Presses what leads to another page, and waits until that is loaded."""
        self.driver.execute_script("window.beforeSubmit = true")
        self.press(selector)
        self.wait_for("!window.beforeSubmit && document.readyState == 'complete'")

    def wait_for(self, condition, *values):
        """Until an expression in the page's own language is true."""
        self.wait(lambda: self.driver.execute_script(f"return Boolean({condition})", *values),
                  " ".join((condition, *values)))

    def wait_for_text(self, text, selector="body"):
        """Until an element shows it."""
        self.wait_for("[...document.querySelectorAll(arguments[1])]"
                      ".some(element => element.innerText.includes(arguments[0]))", text, selector)

    def wait(self, question, what):
        # Imported where Chromium is in use already: a machine may lack the package.
        from selenium.common.exceptions import WebDriverException

        def answer():
            try:
                return question()
            except WebDriverException:
                # Between two pages there is none that could be asked.
                return None
        try:
            return wait_until(answer, what, PATIENCE)
        except AssertionError as problem:
            page = self.driver.execute_script("return document.body.innerText")
            raise AssertionError(f"{problem}, at {self.driver.current_url}:\n{page}") from None

    def fetch(self, path):
        """Status and text of a request as the page itself might make it, with its cookies."""
        status, text = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "fetch(arguments[0]).then(async answer => done([answer.status, await answer.text()]))",
            self.address + path)
        return status, text

    def width_of_picture(self, path):
        """In points, or 0 when it is none that can be shown."""
        return self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; const picture = new Image();"
            "picture.onload = () => done(picture.naturalWidth); picture.onerror = () => done(0);"
            "picture.src = arguments[0]", self.address + path)
