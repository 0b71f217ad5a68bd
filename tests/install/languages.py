"""Builds the examples that use the C interface, each as its users would. A language without a compiler is left out, and said."""
import os
import re
import shutil

from support import SOURCE, run

EXAMPLES = SOURCE / "examples"
C_WARNINGS = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]


def debian(name):
    """Debian's own compiler before another that stands earlier in PATH; None if there is none."""
    own = f"/usr/bin/{name}"
    return own if os.path.exists(own) else shutil.which(name)


def pkg_config(prefix):
    """Where pkg-config finds fovea, and the loader its library."""
    libraries = next(prefix.rglob("fovea.pc")).parent.parent
    return libraries, dict(os.environ, PKG_CONFIG_PATH=str(libraries / "pkgconfig"))


def left_out(language, package):
    print(f"examples/{language} left out: no compiler; Debian's package is {package}")
    return []


def c_programs(prefix, work):
    libraries, environment = pkg_config(prefix)
    flags = run("pkg-config", "--cflags", "--libs", "fovea", env=environment).split() + [f"-Wl,-rpath,{libraries}"]
    programs = []
    for compiler in ("gcc", "clang"):
        programs.append(work / f"grade-{compiler}")
        run(compiler, *C_WARNINGS, EXAMPLES / "c/grade.c", "-o", programs[-1], *flags)
    snippet = re.search(r"```c\n#include <fovea/fovea_c.h>\n(.*?)```", (SOURCE / "docs/c-api.md").read_text(encoding="utf-8"),
                        re.DOTALL)[1]
    (work / "snippet.c").write_text("#include <fovea/fovea_c.h>\n#include <stdio.h>\nint main(void) {\n" + snippet +
                                    "return 0; }\n", encoding="utf-8")
    run("gcc", *C_WARNINGS, work / "snippet.c", "-o", work / "snippet", *flags)
    run("cmake", "-S", EXAMPLES / "c", "-B", work / "grade-cmake", f"-DCMAKE_PREFIX_PATH={prefix}",
        "-DCMAKE_C_FLAGS=" + " ".join(C_WARNINGS))
    run("cmake", "--build", work / "grade-cmake")
    return [*programs, work / "grade-cmake/grade"]


def go_programs(prefix, work):
    go = debian("go")
    if not go:
        return left_out("go", "golang-go")
    libraries, environment = pkg_config(prefix)
    shutil.copytree(EXAMPLES / "go", work / "go")
    environment.update(GOCACHE=str(work / "go-cache"), GOPROXY="off", GOFLAGS="-mod=mod",
                       CGO_LDFLAGS=f"-Wl,-rpath,{libraries}")
    run(go, "vet", ".", cwd=work / "go", env=environment)
    run(go, "build", "-o", work / "grade-go", ".", cwd=work / "go", env=environment)
    return [work / "grade-go"]


def rust_programs(prefix, work):
    cargo, rustc = debian("cargo"), debian("rustc")
    if not cargo or not rustc:
        return left_out("rust", "cargo")
    libraries, environment = pkg_config(prefix)
    shutil.copytree(EXAMPLES / "rust", work / "rust")
    environment.update(RUSTC=rustc, CARGO_HOME=str(work / "cargo-home"), CARGO_TARGET_DIR=str(work / "rust-target"),
                       RUSTFLAGS=f"-D warnings -C link-arg=-Wl,-rpath,{libraries}")
    run(cargo, "build", "--release", "--offline", cwd=work / "rust", env=environment)
    return [work / "rust-target/release/grade"]


LANGUAGES = [c_programs, go_programs, rust_programs]
