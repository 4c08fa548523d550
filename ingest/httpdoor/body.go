package httpdoor

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// A body is read in steps, each twice as long as the one before: memory is
// asked for as it comes in.
const (
	firstStep = 4 << 10
	longStep  = 64 << 10
)

// body reads the request's body, plain. release gives its memory back and is
// never nil.
func (d *Door) body(w http.ResponseWriter, r *http.Request) (body []byte, release func(), refused *answer) {
	held := int64(0)
	release = func() { d.memory.Release(held) }
	if r.ContentLength > d.cfg.MaxBody {
		return nil, release, d.tooLarge("as sent")
	}
	gz := false
	switch encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		gz = true
	default:
		return nil, release, unsupported(fmt.Sprintf("Content-Encoding %.40q: want gzip or none", encoding))
	}
	connection := http.NewResponseController(w)
	// A writer that has no deadlines leaves the server's own ones.
	_ = connection.SetReadDeadline(time.Now().Add(d.cfg.ReadTimeout)) //nolint:forbidigo // sockets know wall time alone
	defer func() {
		if refused != nil { // the rest of it is not waited for
			w.Header().Set("Connection", "close")
			return
		}
		_ = connection.SetReadDeadline(time.Time{}) // of the request: it would end the wait for the write
	}()
	grow := func(n int64) bool {
		ok := d.memory.TryAcquire(n)
		if ok {
			held += n
		}
		return ok
	}
	body, refused = d.readAll(r.Body, "as sent", grow)
	if refused == nil && (gz || bytes.HasPrefix(body, []byte{0x1f, 0x8b})) { // as in MQTT, where no header tells
		body, refused = d.gunzip(body, grow)
	}
	return body, release, refused
}

func (d *Door) gunzip(body []byte, grow func(int64) bool) ([]byte, *answer) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, unprocessable("the body is not gzip, though it is said to be: " + err.Error())
	}
	return d.readAll(z, "after gunzip", grow)
}

// readAll reads src to its end, and memory for copies of it step by step.
func (d *Door) readAll(src io.Reader, state string, grow func(int64) bool) ([]byte, *answer) {
	var out bytes.Buffer
	for step := int64(firstStep); ; step = min(2*step, longStep) {
		if !grow(copies * step) {
			return nil, later("too much is being read now", retryBusy)
		}
		_, err := io.CopyN(&out, src, step)
		switch {
		case int64(out.Len()) > d.cfg.MaxBody:
			return nil, d.tooLarge(state)
		case errors.Is(err, io.EOF):
			return out.Bytes(), nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, timedOut()
		case err != nil && state == "after gunzip":
			return nil, unprocessable("gzip: " + err.Error())
		case err != nil:
			return nil, badRequest("the body ended before its end: send it again")
		}
	}
}

func (d *Door) tooLarge(state string) *answer {
	return &answer{
		status: http.StatusRequestEntityTooLarge,
		detail: fmt.Sprintf("the body has more than %d bytes %s: send smaller batches", d.cfg.MaxBody, state),
	}
}
