package door

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// maxRequest bounds the HTTP request by which a websocket begins.
const maxRequest = 16 << 10

// upgrade makes a websocket of a connection that begins with an HTTP request
// (MQTT 3.1.1, section 6: subprotocol "mqtt", binary frames).
func (c *conn) upgrade() error {
	at := io.MultiReader(newReplay(&c.in), c.nc)
	_ = c.nc.SetReadDeadline(c.until)
	request, err := http.ReadRequest(bufio.NewReaderSize(io.LimitReader(at, maxRequest), 1<<10))
	if err != nil {
		return fmt.Errorf("%w: a websocket's request: %w", errMalformed, err)
	}
	answer := &hijack{nc: c.nc, header: http.Header{}}
	upgrader := websocket.Upgrader{
		HandshakeTimeout: c.server.cfg.ConnectTimeout, ReadBufferSize: 2 << 10, WriteBufferSize: 512,
		Subprotocols: []string{"mqtt", "mqttv3.1"}, CheckOrigin: c.server.knownOrigin,
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			http.Error(w, reason.Error(), status)
		},
	}
	speaksMQTT := func(name string) bool { return slices.Contains(upgrader.Subprotocols, name) }
	if !slices.ContainsFunc(websocket.Subprotocols(request), speaksMQTT) {
		http.Error(answer, "this port speaks MQTT: ask for the websocket subprotocol mqtt; the console has another port",
			http.StatusBadRequest)
		return errors.New("an HTTP request without the subprotocol mqtt")
	}
	ws, err := upgrader.Upgrade(answer, request, nil)
	if err != nil {
		return err
	}
	ws.SetReadLimit(256 << 20) // MQTT bounds its packets itself
	c.in = reader{beforeRead: c.beforeRead, afterRead: c.afterRead}
	c.use(&wsConn{Conn: ws})
	return nil
}

// knownOrigin keeps pages of other sites out: a browser tells its page's origin,
// which must be this server's own, and on an open port that of this machine.
func (s *Server) knownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if u.Hostname() != host {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return !s.cfg.Open || host == "localhost" || err == nil && ip.IsLoopback()
}

// newReplay is what a reader has at hand.
func newReplay(r *reader) io.Reader {
	b := r.buf[r.start:r.end]
	return &replay{b}
}

type replay struct{ left []byte }

func (r *replay) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

// hijack is the answer to a request that was read by hand.
type hijack struct {
	nc     net.Conn
	header http.Header
	wrote  bool
}

func (h *hijack) Header() http.Header { return h.header }

func (h *hijack) WriteHeader(status int) {
	h.wrote = true
	_, _ = fmt.Fprintf(h.nc, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
		status, http.StatusText(status))
}

func (h *hijack) Write(b []byte) (int, error) {
	if !h.wrote {
		h.WriteHeader(http.StatusOK)
	}
	return h.nc.Write(b)
}

// Hijack implements http.Hijacker.
func (h *hijack) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.nc, bufio.NewReadWriter(bufio.NewReaderSize(h.nc, 16), bufio.NewWriterSize(h.nc, 16)), nil
}

// wsConn is a websocket as a stream of bytes.
type wsConn struct {
	*websocket.Conn

	frame io.Reader
	until atomic.Int64 // of writing, Unix nanoseconds; 0 none
}

// Read implements net.Conn.
func (w *wsConn) Read(p []byte) (int, error) {
	for {
		if w.frame == nil {
			kind, frame, err := w.NextReader()
			if err != nil {
				if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
					err = io.EOF
				}
				return 0, err
			}
			if kind != websocket.BinaryMessage {
				return 0, fmt.Errorf("%w: a text frame", errMalformed)
			}
			w.frame = frame
		}
		n, err := w.frame.Read(p)
		if errors.Is(err, io.EOF) {
			w.frame, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Write implements net.Conn.
func (w *wsConn) Write(p []byte) (int, error) {
	if at := w.until.Load(); at != 0 {
		_ = w.Conn.SetWriteDeadline(time.Unix(0, at))
	}
	if err := w.WriteMessage(websocket.BinaryMessage, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// SetWriteDeadline implements net.Conn. The websocket's own takes none while
// it writes, so that one write would hold up the end of a connection.
func (w *wsConn) SetWriteDeadline(t time.Time) error {
	at := int64(0)
	if !t.IsZero() {
		at = t.UnixNano()
	}
	w.until.Store(at)
	return w.NetConn().SetWriteDeadline(t)
}

// SetDeadline implements net.Conn.
func (w *wsConn) SetDeadline(t time.Time) error {
	return errors.Join(w.SetReadDeadline(t), w.SetWriteDeadline(t))
}
