package eval

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// evaluateRecordings replays the recordings into a service of its own, lives
// through their days and checks what came out.
func evaluateRecordings(ctx context.Context, o Options, t *Table) (err error) {
	counted, err := censuses(o.Recordings)
	if err != nil {
		return err
	}
	s, ctx, err := open(ctx, o, time.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := register(ctx, s, o.Recordings); err != nil {
		return err
	}
	done, err := replay(ctx, s, o)
	if err != nil {
		return err
	}
	total, err := checkRows(ctx, s, o.Recordings, counted, t)
	if err != nil {
		return err
	}
	if err := reportSpeed(s, total, done, t); err != nil {
		return err
	}
	nights, err := liveThrough(ctx, s, o)
	if err != nil {
		return err
	}
	if err := checkInvalid(ctx, s, invalidInput{o.Recordings, counted, nights}, t); err != nil {
		return err
	}
	if err := checkAlarms(ctx, s, o.Recordings, nights, t); err != nil {
		return err
	}
	for i, r := range o.Recordings {
		if r.Cell > 0 {
			checkCell(r, counted[i], nights, t)
		}
	}
	return nil
}

// reportSpeed tells how fast the rows came in and what they take on disk.
func reportSpeed(s *service, rows int, done replayed, t *Table) error {
	bytes, err := s.size("telemetry")
	if err != nil {
		return err
	}
	t.Report("throughput, MQTT to durable rows",
		fmt.Sprintf("%s rows/s (%s rows, %s messages, %.1f s)", grouped(int(float64(rows)/done.took.Seconds())),
			grouped(rows), grouped(done.messages), done.took.Seconds()),
		"embedded MQTT server, an fsync a message")
	t.Report("telemetry on disk", fmt.Sprintf("%.0f bytes a row", float64(bytes)/float64(rows)),
		"with the write-ahead log, before compaction has ended")
	return nil
}

func censuses(recordings []Recording) ([]Census, error) {
	out := make([]Census, len(recordings))
	for i, r := range recordings {
		var err error
		if out[i], err = TakeCensus(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checkRows compares stored rows with the census and returns how many are stored.
func checkRows(ctx context.Context, s *service, recordings []Recording, counted []Census, t *Table) (int, error) {
	total := 0
	for i, r := range recordings {
		n, err := s.Telemetry.RowsOf(ctx, r.Vehicle.VIN)
		if err != nil {
			return 0, err
		}
		total += int(n)
		t.Judge(int(n) == counted[i].Instants, "rows stored, "+r.Name, grouped(int(n)),
			grouped(counted[i].Instants)+" distinct instants in the files")
	}
	letters, err := s.SQL.DeadLetterCounts(ctx)
	if err != nil {
		return 0, err
	}
	dead := 0
	for _, n := range letters {
		dead += int(n)
	}
	result := grouped(dead)
	if dead > 0 {
		result = fmt.Sprintf("%s: %v", result, letters)
	}
	t.Judge(dead == 0, "dead letters", result, "0: nothing in the files is refused")
	return total, nil
}
