"""How each faulty sample is mended: rule code -> XPath -> value (None removes it; attributes beside it where they change)."""

from __future__ import annotations

from collections.abc import Mapping

Value = str | tuple[str, Mapping[str, str]] | None

REPAIRS: Mapping[str, Mapping[str, Value]] = {
    "LRN-MISSING": {"/Declaration/FunctionalReferenceID": "BMT-26-1187"},
    "LRN-SIGNS": {"/Declaration/FunctionalReferenceID": "BMT-26-1187"},
    "LRN-USED": {"/Declaration/FunctionalReferenceID": "BMT-26-1187"},
    "TYPE-MISSING": {"/Declaration/TypeCode": "IM"},
    "TYPE-UNKNOWN": {"/Declaration/TypeCode": "IM"},
    "FUNCTION-NOT-FILING": {"/Declaration/FunctionCode": "9"},
    "OFFICE-MISSING": {"/Declaration/DeclarationOfficeID": "06611"},
    "OFFICE-UNKNOWN": {"/Declaration/DeclarationOfficeID": "06611"},
    "DATE-IMPOSSIBLE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ExpirationDateTime": "20270112"
    },
    "NUMBER-NEGATIVE": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Packaging[1]/QuantityQuantity": "400"},
    "ITEMS-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/SequenceNumeric": "1",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/StatisticalValueAmount": (
            "38880.00",
            {"currencyID": "EUR"},
        ),
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Description": "Веласіпеды двухколавыя без рухавіка, рама алюміній, колы 28 цаляў, мадэль City 28",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID": "8712003000",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/IdentificationTypeCode": "HS",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/GrossMassMeasure": (
            "4860",
            {"unitCode": "KGM"},
        ),
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/NetNetWeightMeasure": (
            "4320",
            {"unitCode": "KGM"},
        ),
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/TariffQuantity": (
            "288",
            {"unitCode": "PCE"},
        ),
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/InvoiceLine/ItemChargeAmount": (
            "38880.00",
            {"currencyID": "EUR"},
        ),
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/CurrentCode": "40",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/PreviousCode": "00",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Origin[1]/CountryCode": "CN",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Packaging[1]/SequenceNumeric": "1",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Packaging[1]/MarksNumbersID": "VM 1-288",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Packaging[1]/QuantityQuantity": "288",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Packaging[1]/TypeCode": "CT",
    },
    "ITEM-COUNT": {"/Declaration/GoodsItemQuantity": "3"},
    "INCOTERM-UNKNOWN": {"/Declaration/GoodsShipment/TradeTerms/ConditionCode": "DAP"},
    "INCOTERM-PLACE": {"/Declaration/GoodsShipment/TradeTerms/LocationName": "Мінск"},
    "DESTINATION-MISSING": {"/Declaration/GoodsShipment/Destination/CountryCode": "DE"},
    "DESTINATION-DIRECTION": {"/Declaration/GoodsShipment/Destination/CountryCode": "DE"},
    "TRANSIT-GUARANTEE": {"/Declaration/ObligationGuarantee[1]/ReferenceID": "BY-GAR-26-3318"},
    "PREVIOUS-DOC": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/PreviousDocument[1]/ID": "11206611/101126/0000123"
    },
    "IMPORTER-MISSING": {"/Declaration/GoodsShipment/Importer/ID": "190142358"},
    "EXPORTER-MISSING": {"/Declaration/Exporter/ID": "290345617"},
    "DECLARANT-MISSING": {"/Declaration/Declarant/ID": "191678343"},
    "SENDER-MISSING": {"/Declaration/Exporter/Name": "Volyn Agro Trade LLC"},
    "RECEIVER-MISSING": {"/Declaration/GoodsShipment/Consignee/Name": "Nordholz Import GmbH"},
    "UNP-FORM": {"/Declaration/GoodsShipment/Importer/ID": "192381579"},
    "UNP-CHECK-DIGIT": {"/Declaration/GoodsShipment/Importer/ID": "192381579"},
    "UNP-UNKNOWN": {"/Declaration/GoodsShipment/Importer/ID": "192381579"},
    "UNP-CLOSED": {"/Declaration/GoodsShipment/Importer/ID": "192381579"},
    "MANDATE-MISSING": {"/Declaration/Agent/ID": "191678343"},
    "COUNTRY-UNKNOWN": {"/Declaration/GoodsShipment/ExportCountry/ID": "UA"},
    "ITEM-NUMBERS": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/SequenceNumeric": "2"},
    "DESCRIPTION-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Description": "Ялавічына астуджаная без касцей, вакуумная ўпакоўка"
    },
    "CODE-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID": "0201300000"
    },
    "CODE-LENGTH": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID": "0201300000"
    },
    "CODE-NOT-IN-HS": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID": "0201300000"
    },
    "ORIGIN-MISSING": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Origin[1]/CountryCode": "UA"},
    "ORIGIN-UNKNOWN": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Origin[1]/CountryCode": "UA"},
    "PROCEDURE-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/CurrentCode": "40"
    },
    "PROCEDURE-UNKNOWN": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/CurrentCode": "40"
    },
    "DIRECTION-PROCEDURE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/CurrentCode": "40"
    },
    "PROCEDURES-DIFFER": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/GovernmentProcedure[1]/CurrentCode": "40"
    },
    "ANSWER-UNKNOWN": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalInformation[1]/StatementCode": "PHY-003"
    },
    "ANSWER-VALUE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalInformation[2]/StatementDescription": "N"
    },
    "ANSWER-TWICE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalInformation[5]/StatementDescription": "Y"
    },
    "GROSS-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/GrossMassMeasure": (
            "8240",
            {"unitCode": "KGM"},
        )
    },
    "NET-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/NetNetWeightMeasure": (
            "8000",
            {"unitCode": "KGM"},
        )
    },
    "GROSS-BELOW-NET": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/GoodsMeasure/NetNetWeightMeasure": "540"
    },
    "MASS-NOT-POSITIVE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/GoodsMeasure/NetNetWeightMeasure": "540"
    },
    "MASS-UNIT": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/GoodsMeasure/NetNetWeightMeasure": (
            "540",
            {"unitCode": "KGM"},
        )
    },
    "GROSS-TOTAL": {"/Declaration/TotalGrossMassMeasure": "13920"},
    "PACKAGE-COUNT": {"/Declaration/TotalPackageQuantity": "530"},
    "PACKAGE-TYPE-UNKNOWN": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Packaging[1]/TypeCode": "CT"},
    "UNIT-UNKNOWN": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/GoodsMeasure/TariffQuantity": (
            "12000",
            {"unitCode": "PCE"},
        )
    },
    "INVOICE-MISSING": {"/Declaration/InvoiceAmount": ("52500.00", {"currencyID": "EUR"})},
    "PRICE-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/InvoiceLine/ItemChargeAmount": (
            "41600.00",
            {"currencyID": "EUR"},
        )
    },
    "PRICE-NEGATIVE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/InvoiceLine/ItemChargeAmount": "3100.00"
    },
    "CURRENCY-UNKNOWN": {"/Declaration/InvoiceAmount": ("52500.00", {"currencyID": "EUR"})},
    "CURRENCY-DIFFERS": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/InvoiceLine/ItemChargeAmount": (
            "7800.00",
            {"currencyID": "EUR"},
        )
    },
    "INVOICE-TOTAL": {"/Declaration/InvoiceAmount": "52500.00"},
    "MODE-MISSING": {"/Declaration/BorderTransportMeans/ModeCode": "3"},
    "MODE-NATIONALITY": {"/Declaration/BorderTransportMeans/RegistrationNationalityCode": "BY"},
    "TRANSPORT-ID": {"/Declaration/BorderTransportMeans/ID": "AE 4417-7"},
    "CONTAINER-CHECK-DIGIT": {"/Declaration/GoodsShipment/Consignment/TransportEquipment[1]/ID": "TCNU4471909"},
    "CONTAINER-NOT-LISTED": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/TransportEquipment[1]/ID": "TCNU4471909"
    },
    "CONTAINER-TWICE": {"/Declaration/GoodsShipment/Consignment/TransportEquipment[2]/ID": "CSQU3054383"},
    "SEAL-TWICE": {"/Declaration/GoodsShipment/Consignment/TransportEquipment[1]/Seal[2]/ID": "CN7719343"},
    "SEAL-MISSING": {
        "/Declaration/GoodsShipment/Consignment/TransportEquipment[1]/Seal[1]/SequenceNumeric": "1",
        "/Declaration/GoodsShipment/Consignment/TransportEquipment[1]/Seal[1]/ID": "RU-7719342",
    },
    "DOC-TYPE-MISSING": {"/Declaration/AdditionalDocument[2]/TypeCode": "03011"},
    "DOC-TYPE-UNKNOWN": {"/Declaration/AdditionalDocument[2]/TypeCode": "03011"},
    "DOC-NUMBER-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalDocument[1]/ID": "NL-PHY-2026-5520913"
    },
    "PERMIT-DATE-MISSING": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]/IssueDateTime": "20261118"
    },
    "DOC-DATES-ORDER": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalDocument[1]/ExpirationDateTime": "20261203"
    },
    "DOC-NOT-YET-VALID": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]/IssueDateTime": "20261118"
    },
    "DOC-EXPIRED": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ExpirationDateTime": "20270112"
    },
    "DOC-TWICE": {"/Declaration/AdditionalDocument[5]/ID": "INV-88214"},
    "FILE-NAME-TWICE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]/Attachment/FileName": "veterinary.pdf"
    },
    "PERMIT-QUANTITY": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/WriteOff/QuantityQuantity": "8000"
    },
    "PERMIT-UNIT": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/WriteOff/QuantityQuantity": (
            "8000",
            {"unitCode": "KGM"},
        )
    },
    "CITES-NAME": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalInformation[3]/StatementDescription": "N"
    },
    "WASTE-BASEL": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Classification[2]/ID": "B3011"},
    "WASTE-BASEL-UNKNOWN": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Classification[2]/ID": "B3011"
    },
    "WASTE-ANSWER": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Classification[2]/ID": "B3011"},
    "WASTE-NATIONAL": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Classification[3]/ID": "5711400"
    },
    "WASTE-OPERATION": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/AdditionalInformation[4]/StatementDescription": "R3"
    },
    "ODS-NAME": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[2]/IdentificationTypeCode": "ASH",
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[2]/ID": "R-134a",
    },
    "CAS-CHECK-DIGIT": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[2]/ID": "811-97-2"
    },
    "UNDG-RANGE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/DangerousGoods[1]/UNDGID": "1202"
    },
    "UNDG-ANSWER": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalInformation[1]/StatementDescription": "Y"
    },
    "PERMIT-REVOKED": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "BY-VET-2026-004417"
    },
    "PERMIT-HOLDER": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "BY-VET-2026-004417"
    },
    "PERMIT-BALANCE": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "BY-VET-2026-004417"
    },
    "PREVIOUS-DOC-UNKNOWN": {"/Declaration/GoodsShipment/PreviousDocument[1]/ID": "11206611/101126/0000123"},
    "RULING-UNKNOWN": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "PR-112/26-0007"
    },
    "RULING-HOLDER": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "PR-112/26-0007"
    },
    "RULING-KIND": {"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/TypeCode": "05013"},
    "RULING-NOT-VALID": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "PR-112/26-0007"
    },
    "RULING-CODE-DIFFERS": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "PR-112/26-0007"
    },
    "RULING-ORIGIN-DIFFERS": {
        "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[1]/ID": "PR-112/26-CN"
    },
}
