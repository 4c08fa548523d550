package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"presage"
	"presage/cmd/presage/demo"
	"presage/cmd/presage/progress"
)

// terminals tells whether the vehicles connect by TCP rather than to a broker.
func (c simulateCommand) terminals() bool { return strings.HasPrefix(c.Format, "gbt32960") }

// publishGBT32960 lets the electric vehicles of the stream be terminals of GB/T 32960.
func (c simulateCommand) publishGBT32960(ctx context.Context, p *process, s demo.Stream, bar *progress.Bar) error {
	edition := 2016
	if c.Format == "gbt32960-2025" {
		edition = 2025
	}
	n, err := s.PublishGBT32960(ctx, edition)
	bar.Finish()
	if errors.Is(err, presage.ErrUnavailable) {
		return fmt.Errorf("%w; is the gateway on there (gbt32960.addr)? choose another with --broker tcp://HOST:PORT", err)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "sent %d frames of GB/T 32960, edition %d; the gateway acknowledged all of them\n",
		n, edition)
	return err
}
