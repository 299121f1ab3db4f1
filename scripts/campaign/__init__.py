"""What a hostile world does to the program, many times over: killed runs, full disks, damaged
files, several runs in one folder, and requests of wrong types. See docs/reliability.md."""
