// Package progress shows how far long work has come: a bar that redraws itself
// on a terminal, a line every tenth of the way anywhere else, so that a log
// stays a log.
package progress

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Bar counts towards a total. It is for one goroutine.
type Bar struct {
	out   io.Writer
	what  string
	unit  string
	total int // 0: unknown
	done  int
	told  int // tenths already told
	bar   *progressbar.ProgressBar
}

// New starts a bar for total units of work (0 if nobody knows), on out.
func New(out io.Writer, what, unit string, total int) *Bar {
	b := &Bar{out: out, what: what, unit: unit, total: total}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		length := total
		if total == 0 {
			length = -1
		}
		b.bar = progressbar.NewOptions(length,
			progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what), progressbar.OptionSetWidth(40),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(unit),
			progressbar.OptionSetPredictTime(total > 0), progressbar.OptionClearOnFinish())
	}
	return b
}

// Add counts n units as done.
func (b *Bar) Add(n int) {
	b.done += n
	if b.bar != nil {
		_ = b.bar.Add(n) // a screen that cannot be drawn on stops no work
		return
	}
	if b.total == 0 {
		return
	}
	if tenths := 10 * b.done / b.total; tenths > b.told && tenths < 10 {
		b.told = tenths
		_, _ = fmt.Fprintf(b.out, "%s: %d of %d %s\n", b.what, b.done, b.total, b.unit)
	}
}

// Finish takes the bar off the screen.
func (b *Bar) Finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}
