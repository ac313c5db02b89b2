#!/usr/bin/env python3
"""Checks ONNX files with onnx.checker, types and shapes included: check-onnx.py FILE..."""

import sys

import onnx


def main(paths):
    failed = 0
    for path in paths:
        try:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
        except Exception as error:  # whatever the checker finds, with the file's name before it
            print(f"{path}: {error}", file=sys.stderr)
            failed += 1
    print(f"onnx.checker {onnx.__version__}: {len(paths) - failed} of {len(paths)} files accepted")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
