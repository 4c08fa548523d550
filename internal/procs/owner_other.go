//go:build !unix

package procs

import "syscall"

// ownerOf: PostgreSQL runs as this process.
func ownerOf(string) (*syscall.SysProcAttr, error) { return nil, nil } //nolint:nilnil // as this process
