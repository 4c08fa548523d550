package outreach

import (
	"presage/outreach/advise"
	"presage/outreach/casework"
	"presage/outreach/converse"
	"presage/outreach/decide"
	"presage/outreach/deliver"
	"presage/outreach/floor"
	"presage/outreach/rescue"
	"presage/outreach/rollout"
	"presage/outreach/rules"
	"presage/outreach/stages"
	"presage/outreach/talk"
	"presage/outreach/visit"
	"presage/outreach/waitlist"
)

// Store is everything that outreach keeps, in the words of its rooms.
type Store interface {
	casework.Store
	casework.CapStore
	decide.Store
	decide.OfferStore
	decide.WatchStore
	deliver.Store
	converse.Store
	visit.AgendaStore
	visit.FileStore
	visit.DeskStore
	visit.KeeperStore
	visit.LookoutStore
	visit.ReceptionStore
	visit.BenchStore
	visit.SurveyStore
	advise.Store
	floor.Store
	waitlist.Store
	talk.Store
	stages.Store
	rollout.Store
	rescue.Store
	SweepStore
	rules.Store
}
