"""Jupyter's own kernel tests, with every feature that they know turned on."""

import unittest

# The module, not its classes: unittest would run those too.
import jupyter_kernel_test


class SluiceKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "sluice"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    code_generate_error = 'throw new TypeError("on purpose")'
    code_page_something = 'display.page("a text for the pager")'
    code_clear_output = "display.clear()"

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "'ab'"},
        {"code": "[1, 2].map((x: number) => x * 2)", "result": "[ 2, 4 ]"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>hi</b>" }) })',
            "result": "<b>hi</b>",
            "mime": "text/html",
        },
    ]
    code_display_data = [
        {"code": 'display.html("<b>bold</b>")', "mime": "text/html"},
        {"code": 'display.markdown("**bold**")', "mime": "text/markdown"},
        {"code": 'display.latex("$x^2$")', "mime": "text/latex"},
        {"code": 'display.svg("<svg></svg>")', "mime": "image/svg+xml"},
        {"code": "display.png(new Uint8Array([137, 80, 78, 71]))", "mime": "image/png"},
        {"code": "display.json({ a: 1 })", "mime": "application/json"},
        {"code": "display.vegaLite({ mark: 'bar' })", "mime": "application/vnd.vegalite.v5+json"},
    ]

    completion_samples = [
        {"text": "encodeURIC", "matches": {"encodeURIComponent"}},
        {"text": "const a = Math.flo", "matches": {"floor"}},
        {"text": "JSON.str", "matches": {"stringify"}},
    ]
    complete_code_samples = [
        "1",
        "const x: number = 1;",
        "function f(a: string) {\n  return a;\n}",
        "await Promise.resolve(1)",
        "type T<A> = { a: A }",
        'import { join } from "node:path"',
    ]
    incomplete_code_samples = [
        "function f() {",
        "const x = `half a template",
        "const y = [1, 2,",
        "/* half a comment",
        "class A<T> {\n  x: T;",
        "1 +",
    ]
    invalid_code_samples = ["}", "let 1x = 2", "const a = 'half a string", "x y z"]

    code_history_pattern = "6 * 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"


class SluiceWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "sluice"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
