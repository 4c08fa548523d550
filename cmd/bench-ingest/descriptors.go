package main

import (
	"fmt"
	"syscall"

	"presage"
)

// raiseDescriptors makes room for n open files in this process and in those it
// starts, beyond the hard limit where the system lets it.
func raiseDescriptors(n uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("limit of open files: %w", err)
	}
	// Set even where it suffices: the Go runtime hands down what the shell had
	// set until a program sets its own.
	hard := limit.Max
	limit.Cur, limit.Max = n, max(n, hard)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("limit of open files: %w: %d are needed and the hard limit is %d (%w); run `ulimit -n %d` "+
			"as root before, raise it in /etc/security/limits.conf, or connect at most %d --vehicles",
			presage.ErrUnavailable, n, hard, err, n, max(int64(hard)-spareDescriptors, 0))
	}
	return nil
}

// spareDescriptors are for stores, listeners and everything that is not a vehicle.
const spareDescriptors = 1000
