package rest

import (
	"time"

	"presage"
)

func exampleOrder() presage.Order {
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	o := presage.Order{
		ID: "po-7kq4m2xhpb", DepotID: "d-east", Supplier: "Nordbrake", By: "Zhao Min", CreatedAt: at,
		UpdatedAt: at.AddDate(0, 0, 9),
		Lines: []presage.OrderLine{{
			Line: 1, Part: "BP-F-2041", Quantity: 10, Received: 3, PlacedAt: at, PromisedAt: at.AddDate(0, 0, 9),
			ExpectedAt: at.AddDate(0, 0, 16), ConfirmedAt: at.AddDate(0, 0, 5), ReceivedAt: at.AddDate(0, 0, 9),
		}},
	}
	o.Settle()
	return o
}

func exampleAct() presage.OrderAct {
	return presage.OrderAct{
		Key: "delivery-note-88123", OrderID: "po-7kq4m2xhpb", Kind: presage.ActReceive, By: "Zhao Min",
		At: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC), Lines: []presage.OrderActLine{{Line: 1, Pieces: 3}},
	}
}

func exampleMovement() presage.StockMovement {
	at := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	return presage.StockMovement{
		DepotID: "d-east", Part: "BP-F-2041", N: 41, Kind: presage.MoveReceipt, Pieces: 3, OnHand: 21, At: at, RecordedAt: at,
		Ref: "po-7kq4m2xhpb", Line: 1, By: "Zhao Min",
	}
}

const (
	exampleOrderCSV = `order,external_id,depot,supplier,state,line,part,line_state,quantity,received,cancelled,open,...
po-7kq4m2xhpb,,d-east,Nordbrake,partly_received,1,BP-F-2041,partly_received,10,3,0,7,...
`
	exampleStockCSV = `depot,part,on_hand,reserved,on_order,bin
d-east,BP-F-2041,18,5,0,
`
	exampleMovementCSV = `depot,part,n,kind,pieces,on_hand,at,recorded_at,ref,line,by,why
d-east,BP-F-2041,41,receipt,3,21,2026-11-30T08:00:00Z,2026-11-30T08:00:00Z,po-7kq4m2xhpb,1,Zhao Min,
`
)
