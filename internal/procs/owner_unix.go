//go:build unix

package procs

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"presage"
)

// ownerOf says as whom PostgreSQL, which refuses to be root, must run in dir; nil
// for as this process. Another owner is given dir.
func ownerOf(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // as this process
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr != nil || gidErr != nil {
			continue
		}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return nil, err
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, fmt.Errorf("%w: this is root, and there is neither a user postgres nor nobody to run PostgreSQL as",
		presage.ErrNotFound)
}
