package gauge

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"presage"
)

// tick is the unit of the times in /proc/PID/stat: USER_HZ is 100 on every
// architecture that Go runs on (proc(5), sysconf(_SC_CLK_TCK)).
const tick = 10 * time.Millisecond

// Usage is what a process has used since it began.
type Usage struct {
	CPU time.Duration // user and system time of all threads, in steps of 10 ms
	// Waited is the CPU of the children that have ended and were waited for.
	Waited time.Duration

	RSS  int64 // bytes resident now
	Peak int64 // bytes resident at the most
}

// Of reads the usage of a running process. One that has ended is an ErrNotFound.
func Of(pid int) (Usage, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Usage{}, fmt.Errorf("process %d: %w: %w", pid, presage.ErrNotFound, err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Usage{}, fmt.Errorf("process %d: %w: %w", pid, presage.ErrNotFound, err)
	}
	return ParseUsage(stat, status)
}

// Family is the CPU of a running process and of the children that it has, or had and
// waited for: that of a server which forks for each connection.
func Family(pid int) (time.Duration, error) {
	u, err := Of(pid)
	if err != nil {
		return 0, err
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, fmt.Errorf("children of process %d: %w: %w", pid, presage.ErrNotFound, err)
	}
	sum := u.CPU + u.Waited
	for text := range strings.FieldsSeq(string(children)) {
		child, err := strconv.Atoi(text)
		if err != nil {
			return 0, fmt.Errorf("children of process %d: %w: %w", pid, presage.ErrInvalid, err)
		}
		if u, err := Of(child); err == nil { // one that ended since is among those waited for the next time
			sum += u.CPU
		}
	}
	return sum, nil
}

// ParseUsage reads the texts of /proc/PID/stat and /proc/PID/status. A process
// that has ended and was not waited for has no memory: RSS and Peak are 0.
func ParseUsage(stat, status []byte) (Usage, error) {
	// The program's name may hold spaces and brackets: fields count from the last one.
	end := bytes.LastIndexByte(stat, ')')
	fields := strings.Fields(string(stat[end+1:]))
	const utime, cstime = 14 - 3, 17 - 3 // numbers by proc(5), the first after the name is 3
	if end < 0 || len(fields) <= cstime {
		return Usage{}, fmt.Errorf("/proc/PID/stat: %w: %d fields after the name", presage.ErrInvalid, len(fields))
	}
	var u Usage
	var times [4]time.Duration // utime, stime, cutime, cstime
	for i, text := range fields[utime : cstime+1] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return Usage{}, fmt.Errorf("/proc/PID/stat: %w: %w", presage.ErrInvalid, err)
		}
		times[i] = time.Duration(n) * tick
	}
	u.CPU, u.Waited = times[0]+times[1], times[2]+times[3]
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "VmRSS":
			u.RSS = kilobytes(value)
		case "VmHWM":
			u.Peak = kilobytes(value)
		}
	}
	return u, nil
}

// kilobytes reads "   1234 kB" as bytes; 0 if it is something else.
func kilobytes(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "kB")), 10, 64)
	if err != nil {
		return 0
	}
	return n * 1024
}

// LoadAverage is the number of runnable processes, averaged over a minute; 0
// where /proc does not tell.
func LoadAverage() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	v, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return v
}
