package sqlstore

import (
	"context"
	"strings"
	"time"

	"presage"
)

// DealerTimes are the visits that dealers' systems hold at a workshop and that meet
// [from, to), by their beginning: one stretch for the bay and one for the technician of
// each, with the source and the name of the visit there.
func (s *Store) DealerTimes(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Stretch, error) {
	type held struct {
		presage.Stretch

		name, bay, technician string
		jobs                  []string
	}
	visits, err := all(ctx, s.r, func(r row) (v held, err error) {
		err = r.Scan(&v.ID, &v.Source, &v.name, &v.bay, &v.technician, instant{&v.From}, instant{&v.To}, document{&v.jobs})
		return v, err
	}, `SELECT id, source, external_id, bay_id, technician_id, start_at, end_at, jobs FROM dealer_visits
		WHERE workshop_id = $1 AND start_at < $3 AND end_at > $2 AND state IN ('confirmed', 'arrived')
		ORDER BY start_at, id`, workshopID, micros(from), micros(to))
	if err != nil {
		return nil, wrap(err, "visits of dealers at workshop "+workshopID)
	}
	var list []presage.Stretch
	for _, v := range visits {
		v.Note = strings.Join(append([]string{v.name}, v.jobs...), " · ")
		for _, resource := range []string{v.bay, v.technician} {
			if resource == "" {
				continue
			}
			x := v.Stretch
			x.ID, x.Resource = v.ID+"."+resource, resource
			list = append(list, x)
		}
	}
	return list, nil
}
