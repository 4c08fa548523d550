package gbt32960

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"presage"
)

// Config tells as which vehicle to speak, and where. The zero value of a number
// means its default.
type Config struct {
	Addr    string // host:port of the platform
	VIN     presage.VIN
	Edition int // 2016 (default) or 2025
	// InFlight bounds the frames without a response; default 16.
	InFlight int
	// Timeout bounds connecting and the wait for a response; default 30 s.
	Timeout time.Duration
	// Attempts is how often in a row a lost connection is made again; default
	// 5, RetryWait (default 500 ms) apart. A refused login is not tried again.
	Attempts  int
	RetryWait time.Duration
}

// Terminal is a vehicle's connection to a platform. It is for one goroutine.
type Terminal struct {
	cfg     Config
	encoder Encoder
	nc      net.Conn
	number  uint16   // of the login
	flying  [][]byte // sent and not answered, the oldest first
	acked   int
}

// Dial connects and logs in at an instant. ErrForbidden means that the platform
// refuses the vehicle, ErrUnavailable that it does not answer.
func Dial(ctx context.Context, cfg Config, at time.Time) (*Terminal, error) {
	if cfg.Edition == 0 {
		cfg.Edition = 2016
	}
	cfg.InFlight = cmp.Or(cfg.InFlight, 16)
	cfg.Attempts = cmp.Or(cfg.Attempts, 5)
	cfg.Timeout = cmp.Or(cfg.Timeout, 30*time.Second)
	cfg.RetryWait = cmp.Or(cfg.RetryWait, 500*time.Millisecond)
	t := &Terminal{cfg: cfg, encoder: Encoder{VIN: cfg.VIN, Edition: cfg.Edition}}
	if err := t.connect(ctx, at); err != nil {
		return nil, err
	}
	return t, nil
}

// Acknowledged is how many frames the platform has taken.
func (t *Terminal) Acknowledged() int { return t.acked }

// connect makes the connection and logs in.
func (t *Terminal) connect(ctx context.Context, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, t.cfg.Timeout)
	defer cancel()
	var d net.Dialer
	nc, err := d.DialContext(ctx, "tcp", t.cfg.Addr)
	if err != nil {
		return fmt.Errorf("gb/t 32960 platform %s: %w: %w", t.cfg.Addr, presage.ErrUnavailable, err)
	}
	t.nc = nc
	t.number++
	data := binary.BigEndian.AppendUint16(clock(at), t.number)
	data = append(data, "00000000000000000000"...) // no SIM card
	data = append(data, 0)                         // no battery systems
	if t.cfg.Edition != 2025 {
		data = append(data, 0) // of codes without a length
	}
	if err := t.write(ctx, t.encoder.frame(login, data)); err != nil {
		return err
	}
	flag, err := t.answer(ctx, login)
	if err == nil && flag != okay {
		_ = nc.Close()
		return fmt.Errorf("gb/t 32960 platform %s: %w: the login is refused with flag %d",
			t.cfg.Addr, presage.ErrForbidden, flag)
	}
	return err
}

// Send sends a report and returns when at most InFlight are without a response.
// After a lost connection it logs in again and sends what was not answered once
// more, as re-issued.
func (t *Terminal) Send(ctx context.Context, r Report) error {
	t.flying = append(t.flying, r.Frame)
	err := t.write(ctx, r.Frame)
	for attempt := 0; err != nil || len(t.flying) > t.cfg.InFlight; {
		if err == nil {
			err = t.land(ctx)
			continue
		}
		if attempt++; attempt > t.cfg.Attempts || ctx.Err() != nil || errors.Is(err, presage.ErrForbidden) {
			return err
		}
		err = t.again(ctx, r.At)
	}
	return nil
}

// Flush waits until every frame is answered.
func (t *Terminal) Flush(ctx context.Context, at time.Time) error {
	var err error
	for attempt := 0; err != nil || len(t.flying) > 0; {
		if err == nil {
			err = t.land(ctx)
			continue
		}
		if attempt++; attempt > t.cfg.Attempts || ctx.Err() != nil || errors.Is(err, presage.ErrForbidden) {
			return err
		}
		err = t.again(ctx, at)
	}
	return nil
}

// land waits for the response to the oldest frame.
func (t *Terminal) land(ctx context.Context) error {
	flag, err := t.answer(ctx, t.flying[0][2])
	if err != nil {
		return err
	}
	if flag != okay {
		return fmt.Errorf("gb/t 32960 platform %s: %w: a frame is refused with flag %d",
			t.cfg.Addr, presage.ErrForbidden, flag)
	}
	t.flying = t.flying[1:]
	t.acked++
	return nil
}

// again connects once more and repeats what was not answered.
func (t *Terminal) again(ctx context.Context, at time.Time) error {
	_ = t.nc.Close()
	wait := time.NewTimer(t.cfg.RetryWait)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("gb/t 32960 platform %s: %w", t.cfg.Addr, ctx.Err())
	case <-wait.C:
	}
	if err := t.connect(ctx, at); err != nil {
		return err
	}
	for i, f := range t.flying {
		t.flying[i] = Report{Frame: f}.Reissued().Frame
		if err := t.write(ctx, t.flying[i]); err != nil {
			return err
		}
	}
	return nil
}

// bounded runs do; when ctx ends or the time is over the connection is closed,
// which ends it.
func (t *Terminal) bounded(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, t.cfg.Timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = t.nc.Close() })
	defer stop()
	if err := do(); err != nil {
		return fmt.Errorf("gb/t 32960 platform %s: %w: %w", t.cfg.Addr, presage.ErrUnavailable, err)
	}
	return nil
}

func (t *Terminal) write(ctx context.Context, frame []byte) error {
	return t.bounded(ctx, func() error { _, err := t.nc.Write(frame); return err })
}

// answer reads the next response, which must be to the command.
func (t *Terminal) answer(ctx context.Context, command byte) (flag byte, err error) {
	err = t.bounded(ctx, func() error {
		head := make([]byte, 24)
		if _, err := io.ReadFull(t.nc, head); err != nil {
			return err
		}
		rest := make([]byte, int(binary.BigEndian.Uint16(head[22:]))+1)
		if _, err := io.ReadFull(t.nc, rest); err != nil {
			return err
		}
		switch {
		case head[0] != head[1] || head[2] != command || string(head[4:21]) != string(t.cfg.VIN):
			return fmt.Errorf("%w response", presage.ErrInvalid)
		case checkByte(head[2:])^checkByte(rest) != 0: // the check byte makes it 0
			return fmt.Errorf("%w check byte of a response", presage.ErrInvalid)
		}
		flag = head[3]
		return nil
	})
	return flag, err
}

// Close waits for the responses that are due, logs out at an instant and
// closes the connection.
func (t *Terminal) Close(ctx context.Context, at time.Time) error {
	defer func() { _ = t.nc.Close() }()
	if err := t.Flush(ctx, at); err != nil {
		return err
	}
	if err := t.write(ctx, t.encoder.frame(logout, binary.BigEndian.AppendUint16(clock(at), t.number))); err != nil {
		return err
	}
	_, err := t.answer(ctx, logout)
	return err
}
