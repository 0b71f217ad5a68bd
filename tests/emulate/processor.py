"""Runs a static x86-64 Linux program on the processor of Bochs (package bochscpu-python), which has AVX-512 whatever this
machine has: processor.py PROGRAM [ARGUMENT...].

What the processor runs is user code. The kernel behind it is this file: a handful of system calls, one thread, no files
but the standard streams, memory that is given and taken back but never protected. An instruction that the processor lacks
ends the program, as does anything else that is not there.
"""
import collections
import ctypes
import errno
import mmap
import os
import struct
import sys
import time

import bochscpu
import bochscpu.cpu
import bochscpu.memory

PAGE = 4096
ENTRY, STACK_TOP, STACK_BYTES = 0x10000, 0x7FFF0000, 8 << 20
HEAP_BYTES, MAPPINGS, MAPPING_BYTES = 64 << 20, 0x7F0000000000, 256 << 20
PAGE_TABLES = 0x200000000  # a physical address beyond all memory
WRITABLE = 1
INVALID_OPCODE, PAGE_FAULT = 6, 14


def up_to_page(size):
    return (size + PAGE - 1) // PAGE * PAGE


class Memory:
    """Ranges of the program's addresses, each a piece of this process' memory."""

    def __init__(self):
        self.tables = bochscpu.memory.PageMapLevel4Table()
        self.next_physical = 16 * PAGE
        self.ranges = []

    def add(self, address, size):
        size = up_to_page(size)
        block = mmap.mmap(-1, size)
        host = ctypes.addressof(ctypes.c_char.from_buffer(block))
        for offset in range(0, size, PAGE):
            bochscpu.memory.page_insert(self.next_physical, host + offset)
            self.tables.insert(address + offset, self.next_physical, WRITABLE)
            self.next_physical += PAGE
        self.ranges.append((address, size, host, block))

    def host(self, address, size):
        for first, length, host, _ in self.ranges:
            if first <= address and address + size <= first + length:
                return host + address - first
        raise LookupError(f"{size} bytes at {address:#x} are not the program's")

    def read(self, address, size):
        return ctypes.string_at(self.host(address, size), size)

    def write(self, address, data):
        ctypes.memmove(self.host(address, len(data)), bytes(data), len(data))

    def clear(self, address, size):
        ctypes.memset(self.host(address, size), 0, size)

    def finish(self):
        for host, physical in self.tables.commit(PAGE_TABLES):
            bochscpu.memory.page_insert(physical, host)


class Program:
    """An ELF file in memory, and the stack that it starts with."""

    def __init__(self, memory, path, arguments, environment):
        with open(path, "rb") as file:
            data = file.read()
        if data[:5] != b"\x7fELF\2" or data[16:18] != b"\2\0":
            raise SystemExit(f"{path}: no static 64-bit program at fixed addresses (-static -no-pie)")
        self.entry, headers = struct.unpack_from("<QQ", data, 24)
        header_bytes, header_count = struct.unpack_from("<HH", data, 54)
        loaded = []
        for i in range(header_count):
            kind, _, offset, address, _, in_file, in_memory, _ = struct.unpack_from("<IIQQQQQQ", data,
                                                                                     headers + i * header_bytes)
            if kind == 1:
                loaded.append((address, data[offset:offset + in_file], in_memory))
        first = min(address for address, _, _ in loaded) // PAGE * PAGE
        end = up_to_page(max(address + size for address, _, size in loaded))
        memory.add(first, end - first)
        for address, content, _ in loaded:
            memory.write(address, content)
        self.heap = end + 16 * PAGE
        self.auxiliary = {3: first + headers, 4: header_bytes, 5: header_count, 6: PAGE, 9: self.entry, 17: 100}
        memory.add(STACK_TOP - STACK_BYTES, STACK_BYTES)
        self.stack = self.filled_stack(memory, [path, *arguments], environment)

    def filled_stack(self, memory, arguments, environment):
        top = STACK_TOP - PAGE

        def put(data):
            nonlocal top
            top -= len(data)
            memory.write(top, data)
            return top
        texts = [[put(text.encode() + b"\0") for text in some]
                 for some in (arguments, [f"{name}={value}" for name, value in environment.items()])]
        chance = put(bytes(range(16)))  # for the stack's guard: nothing here needs to be secret
        words = [len(texts[0]), *texts[0], 0, *texts[1], 0]
        for kind, value in {**self.auxiliary, 23: 0, 25: chance, 0: 0}.items():
            words += [kind, value]
        start = (top - 8 * len(words)) // 16 * 16
        memory.write(start, struct.pack(f"<{len(words)}Q", *words))
        return start


class Kernel:
    """The system calls of a test program."""

    def __init__(self, memory, heap):
        self.memory = memory
        self.heap, self.heap_end = heap, heap
        memory.add(heap, HEAP_BYTES)
        memory.add(MAPPINGS, MAPPING_BYTES)
        self.next_mapping = MAPPINGS
        self.free = collections.defaultdict(list)  # size -> addresses given back
        self.status = None
        self.calls = {
            0: lambda *_: 0,  # read: the end of the file
            1: self.write, 20: self.write_pieces, 5: self.file_status, 9: self.map, 11: self.unmap, 12: self.set_heap_end,
            79: self.folder,
            39: lambda *_: 1, 186: lambda *_: 1, 218: lambda *_: 1,  # of the process and its thread
            228: self.clock, 318: self.random, 60: self.leave, 231: self.leave, 234: self.signal, 158: self.set_thread,
        }
        # Protection, signals, advice, lists of locks, futexes: nothing to be done.
        self.calls |= {number: lambda *_: 0 for number in (3, 10, 13, 14, 28, 131, 202, 273)}

    def __call__(self, session, _processor, _kind):
        self.session, processor = session, session.cpu
        arguments = processor.rdi, processor.rsi, processor.rdx, processor.r10
        call = self.calls.get(processor.rax)
        processor.rax = (call(*arguments) if call else -errno.ENOSYS) & (1 << 64) - 1

    def exception(self, session, _processor, vector, _code):
        at = session.cpu
        what = {INVALID_OPCODE: "an instruction that the processor lacks", PAGE_FAULT: f"an access to {at.cr2:#x}"}
        print(f"\nemulated processor: {what.get(vector, f'exception {vector}')} at {at.rip:#x}", file=sys.stderr)
        self.status = 128 + vector
        session.stop()

    def write(self, stream, address, size, _):
        return os.write(stream, self.memory.read(address, size)) if stream in (1, 2) else -errno.EBADF

    def write_pieces(self, stream, pieces, count, _):
        places = [struct.unpack("<QQ", self.memory.read(pieces + 16 * i, 16)) for i in range(count)]
        return sum(self.write(stream, address, size, 0) for address, size in places if size)

    def file_status(self, _file, address, *_):
        status = bytearray(144)
        struct.pack_into("<I", status, 24, 0o010600)  # a pipe
        self.memory.write(address, status)
        return 0

    def map(self, _address, size, *_):
        size = up_to_page(size)
        if self.free[size]:
            address = self.free[size].pop()
        elif self.next_mapping + size <= MAPPINGS + MAPPING_BYTES:
            address, self.next_mapping = self.next_mapping, self.next_mapping + size
        else:
            return -errno.ENOMEM
        self.memory.clear(address, size)
        return address

    def unmap(self, address, size, *_):
        self.free[up_to_page(size)].append(address)
        return 0

    def set_heap_end(self, address, *_):
        if self.heap <= address <= self.heap + HEAP_BYTES:
            self.heap_end = address
        return self.heap_end

    def folder(self, address, *_):
        self.memory.write(address, b"/\0")
        return 2

    def clock(self, _clock, address, *_):
        self.memory.write(address, struct.pack("<qq", *divmod(time.time_ns(), 10**9)))
        return 0

    def random(self, address, size, *_):
        self.memory.clear(address, size)
        return size

    def set_thread(self, what, address, *_):
        if what != 0x1002:  # ARCH_SET_FS
            return -errno.EINVAL
        segment = self.session.cpu.fs
        segment.base = address
        self.session.cpu.fs = segment
        return 0

    def leave(self, status, *_):
        self.status = status & 255
        self.session.stop()
        return 0

    def signal(self, _process, _thread, number, _):
        self.status = 128 + number
        self.session.stop()
        return 0


def segment(selector, attributes):
    made = bochscpu.Segment()
    made.present, made.selector, made.base, made.limit, made.attr = True, selector, 0, 0xFFFFF, attributes
    return made


def user_state(program):
    """A processor in 64-bit user mode, at the program's start."""
    state = bochscpu.State()
    bochscpu.cpu.set_long_mode(state)
    state.cr4 = state.cr4 | 1 << 9 | 1 << 10 | 1 << 16 | 1 << 18  # SSE and its exceptions, FSGSBASE, XSAVE
    state.xcr0 = 0xE7  # x87, SSE, AVX, AVX-512
    state.cr3, state.efer = PAGE_TABLES, 0xD01
    state.rip, state.rsp, state.rflags = program.entry, program.stack, 0x202
    state.mxcsr, state.mxcsr_mask, state.fpcw, state.fptw = 0x1F80, 0xFFFF, 0x37F, 0xFFFF
    state.lstar, state.star, state.sfmask = ENTRY, 0x13 << 48 | 0x8 << 32, 0x200
    state.cs = segment(0x23, 0xA0FB)
    state.ds = state.es = state.ss = segment(0x1B, 0xC0F3)
    state.fs = state.gs = segment(0, 0xC0F3)
    return state


def run(path, arguments, environment):
    """The program's exit status; 128 and more where the processor stopped it."""
    memory = Memory()
    program = Program(memory, path, arguments, environment)
    kernel = Kernel(memory, program.heap)
    memory.add(ENTRY, PAGE)
    memory.write(ENTRY, b"\x0f\x09\x48\x0f\x07")  # wbinvd, which calls the hook below; sysretq
    memory.finish()
    session = bochscpu.Session()

    def missing(physical):
        print(f"emulated processor: no memory at {physical:#x}", file=sys.stderr, flush=True)
        os._exit(99)
    session.missing_page_handler = missing
    session.cpu.state = user_state(program)
    hook = bochscpu.Hook()
    hook.cache_cntrl, hook.exception = kernel, kernel.exception
    session.run([hook])
    return 98 if kernel.status is None else kernel.status


if __name__ == "__main__":
    wanted = {name: value for name, value in os.environ.items() if name.startswith(("FOVEA_", "GTEST_"))}
    result = run(sys.argv[1], sys.argv[2:], wanted)
    sys.stdout.flush()
    os._exit(result)  # what Bochs holds is not taken apart
