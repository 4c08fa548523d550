package gbt32960

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960/frame"
)

// conn is one terminal's connection: a goroutine that reads, and one that
// writes responses in the order in which they become due.
type conn struct {
	g      *Gateway
	nc     net.Conn
	cancel context.CancelFunc // ends reading
	vin    presage.VIN        // "" before the login
	faults int                // since the last good frame
	began  time.Time          // of the connection, by the network's clock

	heard atomic.Int64 // when something came last, in Unix nanoseconds

	slots chan struct{}    // holds a token for each frame without a response
	out   chan frame.Frame // never full: it has room for every slot
	gone  chan struct{}    // closed when no response is sent any more
}

func newConn(g *Gateway, nc net.Conn) *conn {
	return &conn{
		g: g, nc: nc,
		slots: make(chan struct{}, g.cfg.InFlight), out: make(chan frame.Frame, g.cfg.InFlight),
		gone: make(chan struct{}),
	}
}

// serve reads until the terminal goes, misbehaves or ctx ends, then lets the
// responses that are due go out.
func (c *conn) serve(ctx context.Context) {
	ctx, c.cancel = context.WithCancel(ctx)
	defer c.cancel()
	// Ends a read that waits.
	stop := context.AfterFunc(ctx, func() { _ = c.nc.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	go c.write()
	lost := c.read(ctx)
	c.g.logout(c.vin, c)
	if !lost { // else no response can arrive
		c.drain()
	}
	close(c.gone)
	_ = c.nc.Close()
}

// drain waits until every frame has its response, or for drainTime.
func (c *conn) drain() {
	t := time.NewTimer(drainTime)
	defer t.Stop()
	for range cap(c.slots) {
		select {
		case c.slots <- struct{}{}:
		case <-t.C:
			return
		}
	}
}

// earlyBytes bounds a frame before the login: logins have some 60 bytes.
const earlyBytes = 1 << 10

// read takes frames in until the connection is of no more use. It tells whether
// the terminal is gone.
func (c *conn) read(ctx context.Context) (lost bool) {
	var stream frame.Splitter
	buf := make([]byte, 4096)
	c.began = time.Now() //nolint:forbidigo // the network's clock is the wall's
	waiting := c.began   // since when the frame at hand is
	for {
		_ = c.nc.SetReadDeadline(c.deadline(stream.Pending() > 0, waiting))
		if ctx.Err() != nil {
			return false
		}
		n, err := c.nc.Read(buf)
		c.heard.Store(time.Now().UnixNano()) //nolint:forbidigo // the network's clock is the wall's
		fresh := stream.Pending() == 0
		_, _ = stream.Write(buf[:n])
		if err != nil && !c.goOn(ctx, &stream, err) {
			return !errors.Is(err, os.ErrDeadlineExceeded)
		}
		for {
			stream.Max = c.frameBytes()
			piece, ok := stream.Next()
			if !ok {
				break
			}
			if !c.take(ctx, piece) {
				return false
			}
			fresh = true
		}
		if fresh { // not before: what take waited for is not the terminal's delay
			waiting = time.Now() //nolint:forbidigo // the network's clock is the wall's
		}
	}
}

// deadline is until when more bytes are waited for: half a frame is not kept
// alive by one byte at a time.
func (c *conn) deadline(pending bool, waiting time.Time) time.Time {
	until := time.Now().Add(c.g.cfg.IdleTimeout) //nolint:forbidigo // the network's clock is the wall's
	if whole := waiting.Add(c.g.cfg.FrameTimeout); pending && whole.Before(until) {
		until = whole
	}
	if login := c.began.Add(c.g.cfg.LoginTimeout); c.vin == "" && login.Before(until) {
		until = login
	}
	return until
}

// frameBytes is the size of the largest frame taken now.
func (c *conn) frameBytes() int {
	if c.vin == "" {
		return min(earlyBytes, c.g.cfg.FrameBytes)
	}
	return c.g.cfg.FrameBytes
}

// goOn tells whether reading goes on after err: when the rest of a frame did
// not come, it is given up.
func (c *conn) goOn(ctx context.Context, stream *frame.Splitter, err error) bool {
	switch {
	case ctx.Err() != nil || !errors.Is(err, os.ErrDeadlineExceeded):
		return false
	case c.vin == "" && time.Since(c.began) >= c.g.cfg.LoginTimeout:
		c.g.metrics.errors.WithLabelValues(errNoLogin).Inc()
		return false
	case stream.Pending() > 0:
		stream.GiveUp()
		return true
	}
	c.g.metrics.errors.WithLabelValues(errIdle).Inc()
	return false
}

// take deals with one piece of the stream; false ends the connection.
func (c *conn) take(ctx context.Context, p frame.Piece) bool {
	if p.Why != "" {
		c.g.metrics.errors.WithLabelValues(p.Why).Inc()
		return c.submit(ctx, p, kindNoise, 0) && c.forgiven(ctx)
	}
	c.g.metrics.frames.WithLabelValues(p.Frame.Command.String()).Inc()
	if p.Frame.Flag != frame.IsCommand {
		c.g.metrics.errors.WithLabelValues(errStrayAnswer).Inc()
		return c.forgiven(ctx)
	}
	verdict, ok := c.judge(ctx, p.Frame)
	if !ok {
		return false
	}
	if verdict.reason != "" {
		c.g.metrics.errors.WithLabelValues(verdict.reason).Inc()
	}
	if verdict.kind == "" {
		if !c.slot(ctx) {
			return false
		}
		c.respond(p.Frame, verdict.flag)
	} else if !c.submit(ctx, p, verdict.kind, verdict.flag) {
		return false
	}
	if verdict.reason == ingest.ReasonMissingTime || verdict.reason == ingest.ReasonFutureTime {
		return true // the terminal may set its clock over this very connection
	}
	if verdict.flag != frame.OK {
		return c.forgiven(ctx)
	}
	c.faults = 0
	return true
}

// forgiven counts a fault; false when there were too many in a row.
func (c *conn) forgiven(ctx context.Context) bool {
	if c.faults++; c.faults < c.g.cfg.Faults {
		return true
	}
	c.g.metrics.errors.WithLabelValues(errFaults).Inc()
	c.g.cfg.Logger.WarnContext(ctx, "gbt32960: connection closed: too many faults in a row",
		slog.Any("vin", c.vin), slog.String("remote", c.nc.RemoteAddr().String()))
	return false
}

// submit hands the piece to the sink under a topic of kind, and sends the
// response with the flag, if any, once it is durable.
func (c *conn) submit(ctx context.Context, p frame.Piece, kind string, flag frame.Flag) bool {
	if !c.slot(ctx) {
		return false
	}
	raw := append([]byte(nil), p.Raw...)
	m := ingest.Message{Topic: frameTopic(c.vin, kind), Payload: raw, Received: c.g.cfg.Now()}
	f := p.Frame
	f.Data = append([]byte(nil), f.Data[:min(len(f.Data), frame.TimeBytes)]...)
	m.Ack = func() {
		if flag == 0 {
			<-c.slots
			return
		}
		c.respond(f, flag)
	}
	if err := c.g.cfg.Sink.Submit(ctx, m); err != nil {
		<-c.slots
		return false // the pipeline or the connection ends: the terminal sends it again
	}
	return true
}

// slot waits for room for one more frame without a response.
func (c *conn) slot(ctx context.Context) bool {
	select {
	case c.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// respond queues the response to f, whose slot is taken. It never blocks.
func (c *conn) respond(f frame.Frame, flag frame.Flag) {
	c.out <- f.Answer(flag, frame.Clock(c.g.cfg.Now()))
}

// write sends responses until the connection ends. After an error it only makes
// room, for what is durable stays so.
func (c *conn) write() {
	var buf []byte
	broken := false
	for {
		select {
		case f := <-c.out:
			if !broken {
				buf = f.Append(buf[:0])
				_ = c.nc.SetWriteDeadline(time.Now().Add(c.g.cfg.WriteTimeout)) //nolint:forbidigo // the network's clock
				if _, err := c.nc.Write(buf); err != nil {
					broken = true
					c.g.metrics.errors.WithLabelValues(errWrite).Inc()
					_ = c.nc.Close()
				} else {
					c.g.metrics.responses.WithLabelValues(word(f.Flag)).Inc()
				}
			}
			<-c.slots
		case <-c.gone:
			return
		}
	}
}
