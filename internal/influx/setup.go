package influx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/domain"

	"presage"
)

// Wanted is what the server should hold before telemetry is written to it.
type Wanted struct {
	Retention time.Duration // of the bucket; 0 keeps for ever, else whole hours
	// Downsample is the window of hourly or coarser means that dashboards read
	// over years, kept in a bucket of its own; 0 makes none. Whole minutes.
	Downsample          time.Duration
	DownsampleRetention time.Duration // of that bucket; 0 keeps for ever
}

// Outcome tells what SetUp did and what is left for a person.
type Outcome struct {
	Version string   // of the server, as it says itself
	Old     bool     // InfluxDB 1.8: Todo holds all that is wanted, there or not
	Done    []string // what was made or changed, in order
	Todo    []string // commands to run, because the token or the server allows no more
}

// Validate names every fault by its configuration key.
func (w Wanted) Validate() error {
	var faults []error
	for _, d := range []struct {
		key   string
		value time.Duration
		unit  time.Duration
		want  string
	}{
		{"influx.retention", w.Retention, time.Hour, "whole hours"},
		{"influx.downsample", w.Downsample, time.Minute, "whole minutes"},
		{"influx.downsample_retention", w.DownsampleRetention, time.Hour, "whole hours"},
	} {
		if d.value < 0 || d.value%d.unit != 0 {
			faults = append(faults, fmt.Errorf("%s: %w: %v: want %s, 0 for none", d.key, presage.ErrInvalid, d.value, d.want))
		}
	}
	return errors.Join(faults...)
}

// SetUp brings an InfluxDB 2 to what is wanted through its API: the bucket, its
// retention, the bucket and the task of down-sampling. Run again it changes
// nothing. What the token does not allow, and all of it on InfluxDB 1.8, which
// has no such API, is returned as commands to run. The error is ErrUnavailable
// when the server does not answer, and ErrInvalid for a faulty configuration.
func SetUp(ctx context.Context, c Config, w Wanted) (Outcome, error) {
	if err := errors.Join(c.Validate(), w.Validate()); err != nil {
		return Outcome{}, err
	}
	c = c.withDefaults()
	client := influxdb2.NewClientWithOptions(c.URL, c.Token.Reveal(),
		influxdb2.DefaultOptions().SetHTTPClient(&http.Client{Timeout: c.Timeout}))
	defer client.Close()
	health, err := client.Health(ctx)
	if err != nil {
		return Outcome{}, fmt.Errorf("influx %s: %w: no answer: %w", c.URL, presage.ErrUnavailable, err)
	}
	s := setup{client: client, config: c, wanted: w}
	if health.Version != nil {
		s.out.Version = strings.TrimPrefix(*health.Version, "v")
	}
	err = s.run(ctx)
	return s.out, err
}

// setup is one call of SetUp.
type setup struct {
	client influxdb2.Client
	config Config
	wanted Wanted
	org    *domain.Organization
	out    Outcome
}

func (s *setup) run(ctx context.Context) error {
	var err error
	s.org, err = s.client.OrganizationsAPI().FindOrganizationByName(ctx, s.config.Org)
	if err != nil && strings.HasPrefix(err.Error(), "404 ") { // no such path, rather than no such organisation
		s.out.Todo = oneEight(s.config, s.wanted)
		s.out.Old = true
		return nil
	}
	if err != nil {
		return s.failed("read organisation "+s.config.Org, err, s.commands()...)
	}
	if err := s.bucket(ctx, s.config.Bucket, s.wanted.Retention); err != nil || s.wanted.Downsample == 0 {
		return err
	}
	if err := s.bucket(ctx, s.coarse(), s.wanted.DownsampleRetention); err != nil {
		return err
	}
	return s.task(ctx)
}

// bucket makes the bucket, or changes how long it keeps.
func (s *setup) bucket(ctx context.Context, name string, keep time.Duration) error {
	rules := retentionRules(keep)
	have, err := s.client.BucketsAPI().FindBucketByName(ctx, name)
	switch {
	case err != nil && !missing(err):
		return s.failed("read bucket "+name, err, s.create(name, keep))
	case err != nil:
		if _, err = s.client.BucketsAPI().CreateBucketWithName(ctx, s.org, name, rules...); err != nil {
			return s.failed("create bucket "+name, err, s.create(name, keep))
		}
		s.out.Done = append(s.out.Done, "created bucket "+name+" "+kept(keep))
		return nil
	case keptBy(have) == keep:
		return nil
	}
	was := keptBy(have)
	have.RetentionRules = rules
	if _, err = s.client.BucketsAPI().UpdateBucket(ctx, have); err != nil {
		return s.failed("change bucket "+name, err,
			fmt.Sprintf("influx bucket update --id %s --retention %s", *have.Id, span(keep)))
	}
	s.out.Done = append(s.out.Done, fmt.Sprintf("bucket %s is %s; it was %s", name, kept(keep), kept(was)))
	return nil
}

// failed turns a refusal into something for a person to do, and leaves the rest an error.
func (s *setup) failed(doing string, err error, todo ...string) error {
	if missing(err) || denied(err) {
		s.out.Todo = append(s.out.Todo, todo...)
		return nil
	}
	return fmt.Errorf("influx: %s: %w: %w", doing, presage.ErrUnavailable, err)
}

// missing and denied read the API's code, which the client puts before the
// message; of an empty list the client says itself that nothing was found.
func missing(err error) bool {
	return strings.HasPrefix(err.Error(), string(domain.ErrorCodeNotFound)) ||
		strings.HasSuffix(err.Error(), "' not found")
}

func denied(err error) bool {
	return strings.HasPrefix(err.Error(), string(domain.ErrorCodeUnauthorized)) ||
		strings.HasPrefix(err.Error(), string(domain.ErrorCodeForbidden))
}

func retentionRules(keep time.Duration) domain.RetentionRules {
	if keep == 0 {
		return domain.RetentionRules{}
	}
	expire := domain.RetentionRuleTypeExpire
	return domain.RetentionRules{{EverySeconds: int64(keep / time.Second), Type: &expire}}
}

func keptBy(b *domain.Bucket) time.Duration {
	for _, r := range b.RetentionRules {
		return time.Duration(r.EverySeconds) * time.Second
	}
	return 0
}

func kept(d time.Duration) string {
	if d == 0 {
		return "kept for ever"
	}
	return "kept for " + span(d)
}

// span writes d as InfluxDB reads durations.
func span(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}
