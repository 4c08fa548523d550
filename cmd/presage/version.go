package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
)

type versionCommand struct{}

// Run prints the module's version and the revision it was built from.
func (versionCommand) Run(_ context.Context, p *process) error {
	_, err := fmt.Fprintln(p.stdout, "presage", version())
	return err
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	words := []string{info.Main.Version}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			words = append(words, s.Value[:min(12, len(s.Value))])
		}
	}
	return strings.Join(append(words, info.GoVersion), " ")
}
