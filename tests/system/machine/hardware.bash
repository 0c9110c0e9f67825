# The emulated computer, of which `build` saves the memory and `run` wakes it up: a saved state fits only the hardware that
# it was saved from. Sourced; `image` is the folder of the image.

# set_hardware WORK: sets `hardware` to the command line but for the root disk and the second and third serial port. The
# disks `in` and `out` are plain tar files of WORK; `in` is empty where there is none yet.
set_hardware() {
    [[ -e $1/in ]] || : >"$1/in"
    truncate -s 1G "$1/in"
    truncate -s 256M "$1/out"
    hardware=(qemu-system-x86_64 -machine pc -accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 1536
        -nodefaults -display none -no-reboot
        -kernel "$image/vmlinuz" -initrd "$image/initrd"
        -append "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check edd=off"
        -device virtio-blk-pci,drive=root -device virtio-blk-pci,drive=in -device virtio-blk-pci,drive=out
        -drive "if=none,id=in,format=raw,readonly=on,file=$1/in"
        -drive "if=none,id=out,format=raw,cache=unsafe,file=$1/out"
        -serial "file:$1/console")
}
