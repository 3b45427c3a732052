"""Types that UBL 2.1 documents share, without those of transport: parties, items, prices, taxes, payment, lines.

The notation is that of `edi.guides.xml_structure`. Follows UBL-CommonAggregateComponents-2.1.xsd (OASIS), which
the tests compare it with.
"""

AGGREGATES = """
Address: ID AddressTypeCode AddressFormatCode Postbox Floor Room StreetName AdditionalStreetName BlockName
    BuildingName BuildingNumber InhouseMail Department MarkAttention MarkCare PlotIdentification CitySubdivisionName
    CityName PostalZone CountrySubentity CountrySubentityCode Region District TimezoneOffset AddressLine<>*
    Country<> LocationCoordinate<>*
AddressLine: Line!
AllowanceCharge: ID ChargeIndicator! AllowanceChargeReasonCode AllowanceChargeReason* MultiplierFactorNumeric
    PrepaidIndicator SequenceNumeric Amount! BaseAmount AccountingCostCode AccountingCost PerUnitAmount
    TaxCategory<>* TaxTotal<> PaymentMeans<>*
Attachment: EmbeddedDocumentBinaryObject ExternalReference<>
BillingReference: InvoiceDocumentReference<DocumentReference> SelfBilledInvoiceDocumentReference<DocumentReference>
    CreditNoteDocumentReference<DocumentReference> SelfBilledCreditNoteDocumentReference<DocumentReference>
    DebitNoteDocumentReference<DocumentReference> ReminderDocumentReference<DocumentReference>
    AdditionalDocumentReference<DocumentReference> BillingReferenceLine<>*
BillingReferenceLine: ID! Amount AllowanceCharge<>*
Branch: ID Name FinancialInstitution<> Address<>
CardAccount: PrimaryAccountNumberID! NetworkID! CardTypeCode ValidityStartDate ExpiryDate IssuerID IssueNumberID
    CV2ID CardChipCode ChipApplicationID HolderName
CatalogueLine: ID! ActionCode LifeCycleStatusCode ContractSubdivision Note* OrderableIndicator OrderableUnit
    ContentUnitQuantity OrderQuantityIncrementNumeric MinimumOrderQuantity MaximumOrderQuantity WarrantyInformation*
    PackLevelCode ContractorCustomerParty<CustomerParty> SellerSupplierParty<SupplierParty> WarrantyParty<Party>
    WarrantyValidityPeriod<Period> LineValidityPeriod<Period> ItemComparison<>* ComponentRelatedItem<RelatedItem>*
    AccessoryRelatedItem<RelatedItem>* RequiredRelatedItem<RelatedItem>* ReplacementRelatedItem<RelatedItem>*
    ComplementaryRelatedItem<RelatedItem>* ReplacedRelatedItem<RelatedItem>*
    RequiredItemLocationQuantity<ItemLocationQuantity>* DocumentReference<>* Item<>!
    KeywordItemProperty<ItemProperty>* CallForTendersLineReference<LineReference>
    CallForTendersDocumentReference<DocumentReference>
CatalogueReference: ID! UUID IssueDate IssueTime RevisionDate RevisionTime Note* Description* VersionID
    PreviousVersionID
Certificate: ID! CertificateTypeCode! CertificateType! Remarks* IssuerParty<Party>! DocumentReference<>*
    Signature<>*
Clause: ID Content*
CommodityClassification: NatureCode CargoTypeCode CommodityCode ItemClassificationCode
Communication: ChannelCode Channel Value
Contact: ID Name Telephone Telefax ElectronicMail Note* OtherCommunication<Communication>*
Contract: ID IssueDate IssueTime NominationDate NominationTime ContractTypeCode ContractType Note* VersionID
    Description* ValidityPeriod<Period> ContractDocumentReference<DocumentReference>* NominationPeriod<Period>
    ContractualDelivery<Delivery>
CorporateRegistrationScheme: ID Name CorporateRegistrationTypeCode JurisdictionRegionAddress<Address>*
Country: IdentificationCode Name
CreditAccount: AccountID!
CreditNoteLine: ID! UUID Note* CreditedQuantity LineExtensionAmount TaxPointDate AccountingCostCode AccountingCost
    PaymentPurposeCode FreeOfChargeIndicator InvoicePeriod<Period>* OrderLineReference<>*
    DiscrepancyResponse<Response>* DespatchLineReference<LineReference>* ReceiptLineReference<LineReference>*
    BillingReference<>* DocumentReference<>* PricingReference<> OriginatorParty<Party> Delivery<>* PaymentTerms<>*
    TaxTotal<>* AllowanceCharge<>* Item<> Price<> DeliveryTerms<>* SubCreditNoteLine<CreditNoteLine>*
    ItemPriceExtension<PriceExtension>
CustomerParty: CustomerAssignedAccountID SupplierAssignedAccountID AdditionalAccountID* Party<>
    DeliveryContact<Contact> AccountingContact<Contact> BuyerContact<Contact>
Delivery: ID Quantity MinimumQuantity MaximumQuantity ActualDeliveryDate ActualDeliveryTime LatestDeliveryDate
    LatestDeliveryTime ReleaseID TrackingID DeliveryAddress<Address> DeliveryLocation<Location>
    AlternativeDeliveryLocation<Location> RequestedDeliveryPeriod<Period> PromisedDeliveryPeriod<Period>
    EstimatedDeliveryPeriod<Period> CarrierParty<Party> DeliveryParty<Party> NotifyParty<Party>* Despatch<>
    DeliveryTerms<>* MinimumDeliveryUnit<DeliveryUnit> MaximumDeliveryUnit<DeliveryUnit> Shipment<>
DeliveryTerms: ID SpecialTerms* LossRiskResponsibilityCode LossRisk* Amount DeliveryLocation<Location>
    AllowanceCharge<>
DependentPriceReference: Percent LocationAddress<Address> DependentLineReference<LineReference>
Despatch: ID RequestedDespatchDate RequestedDespatchTime EstimatedDespatchDate EstimatedDespatchTime
    ActualDespatchDate ActualDespatchTime GuaranteedDespatchDate GuaranteedDespatchTime ReleaseID Instructions*
    DespatchAddress<Address> DespatchLocation<Location> DespatchParty<Party> CarrierParty<Party> NotifyParty<Party>*
    Contact<> EstimatedDespatchPeriod<Period> RequestedDespatchPeriod<Period>
DespatchLine: ID! UUID Note* LineStatusCode DeliveredQuantity BackorderQuantity BackorderReason* OutstandingQuantity
    OutstandingReason* OversupplyQuantity OrderLineReference<>+ DocumentReference<>* Item<>! Shipment<>*
DocumentReference: ID! CopyIndicator UUID IssueDate IssueTime DocumentTypeCode DocumentType XPath* LanguageID
    LocaleCode VersionID DocumentStatusCode DocumentDescription* Attachment<> ValidityPeriod<Period>
    IssuerParty<Party> ResultOfVerification<>
DocumentResponse: Response<>! DocumentReference<>+ IssuerParty<Party> RecipientParty<Party> LineResponse<>*
ExchangeRate: SourceCurrencyCode! SourceCurrencyBaseRate TargetCurrencyCode! TargetCurrencyBaseRate ExchangeMarketID
    CalculationRate MathematicOperatorCode Date ForeignExchangeContract<Contract>
ExternalReference: URI DocumentHash HashAlgorithmMethod ExpiryDate ExpiryTime MimeCode FormatCode EncodingCode
    CharacterSetCode FileName Description*
FinancialAccount: ID Name AliasName AccountTypeCode AccountFormatCode CurrencyCode PaymentNote*
    FinancialInstitutionBranch<Branch> Country<>
FinancialInstitution: ID Name Address<>
InvoiceLine: ID! UUID Note* InvoicedQuantity LineExtensionAmount! TaxPointDate AccountingCostCode AccountingCost
    PaymentPurposeCode FreeOfChargeIndicator InvoicePeriod<Period>* OrderLineReference<>*
    DespatchLineReference<LineReference>* ReceiptLineReference<LineReference>* BillingReference<>*
    DocumentReference<>* PricingReference<> OriginatorParty<Party> Delivery<>* PaymentTerms<>* AllowanceCharge<>*
    TaxTotal<>* WithholdingTaxTotal<TaxTotal>* Item<>! Price<> DeliveryTerms<> SubInvoiceLine<InvoiceLine>*
    ItemPriceExtension<PriceExtension>
Item: Description* PackQuantity PackSizeNumeric CatalogueIndicator Name HazardousRiskIndicator
    AdditionalInformation* Keyword* BrandName* ModelName* BuyersItemIdentification<ItemIdentification>
    SellersItemIdentification<ItemIdentification> ManufacturersItemIdentification<ItemIdentification>*
    StandardItemIdentification<ItemIdentification> CatalogueItemIdentification<ItemIdentification>
    AdditionalItemIdentification<ItemIdentification>* CatalogueDocumentReference<DocumentReference>
    ItemSpecificationDocumentReference<DocumentReference>* OriginCountry<Country> CommodityClassification<>*
    TransactionConditions<>* HazardousItem<>* ClassifiedTaxCategory<TaxCategory>*
    AdditionalItemProperty<ItemProperty>* ManufacturerParty<Party>* InformationContentProviderParty<Party>
    OriginAddress<Address>* ItemInstance<>* Certificate<>* Dimension<>*
ItemComparison: PriceAmount Quantity
ItemIdentification: ID! ExtendedID BarcodeSymbologyID PhysicalAttribute<>* MeasurementDimension<Dimension>*
    IssuerParty<Party>
ItemInstance: ProductTraceID ManufactureDate ManufactureTime BestBeforeDate RegistrationID SerialID
    AdditionalItemProperty<ItemProperty>* LotIdentification<>
ItemLocationQuantity: LeadTimeMeasure MinimumQuantity MaximumQuantity HazardousRiskIndicator TradingRestrictions*
    ApplicableTerritoryAddress<Address>* Price<> DeliveryUnit<>* ApplicableTaxCategory<TaxCategory>* Package<>
    AllowanceCharge<>* DependentPriceReference<>
ItemProperty: ID Name! NameCode TestMethod Value ValueQuantity ValueQualifier* ImportanceCode ListValue*
    UsabilityPeriod<Period> ItemPropertyGroup<>* RangeDimension<Dimension> ItemPropertyRange<>
ItemPropertyGroup: ID! Name ImportanceCode
ItemPropertyRange: MinimumValue MaximumValue
Language: ID Name LocaleCode
LineItem: ID! SalesOrderID UUID Note* LineStatusCode Quantity LineExtensionAmount TotalTaxAmount MinimumQuantity
    MaximumQuantity MinimumBackorderQuantity MaximumBackorderQuantity InspectionMethodCode PartialDeliveryIndicator
    BackOrderAllowedIndicator AccountingCostCode AccountingCost WarrantyInformation* Delivery<>* DeliveryTerms<>
    OriginatorParty<Party> OrderedShipment<>* PricingReference<> AllowanceCharge<>* Price<> Item<>!
    SubLineItem<LineItem>* WarrantyValidityPeriod<Period> WarrantyParty<Party> TaxTotal<>*
    ItemPriceExtension<PriceExtension> LineReference<>*
LineReference: LineID! UUID LineStatusCode DocumentReference<>
LineResponse: LineReference<>! Response<>+
Location: ID Description* Conditions* CountrySubentity CountrySubentityCode LocationTypeCode InformationURI Name
    ValidityPeriod<Period>* Address<> SubsidiaryLocation<Location>* LocationCoordinate<>*
LocationCoordinate: CoordinateSystemCode LatitudeDegreesMeasure LatitudeMinutesMeasure LatitudeDirectionCode
    LongitudeDegreesMeasure LongitudeMinutesMeasure LongitudeDirectionCode AltitudeMeasure
LotIdentification: LotNumberID ExpiryDate AdditionalItemProperty<ItemProperty>*
MonetaryTotal: LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount ChargeTotalAmount
    PrepaidAmount PayableRoundingAmount PayableAmount! PayableAlternativeAmount
OrderLine: SubstitutionStatusCode Note* LineItem<>! SellerProposedSubstituteLineItem<LineItem>*
    SellerSubstitutedLineItem<LineItem>* BuyerProposedSubstituteLineItem<LineItem>*
    CatalogueLineReference<LineReference> QuotationLineReference<LineReference> OrderLineReference<>*
    DocumentReference<>*
OrderLineReference: LineID! SalesOrderLineID UUID LineStatusCode OrderReference<>
OrderReference: ID! SalesOrderID CopyIndicator UUID IssueDate IssueTime CustomerReference OrderTypeCode
    DocumentReference<>
Party: MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID EndpointID IndustryClassificationCode
    PartyIdentification<>* PartyName<>* Language<> PostalAddress<Address> PhysicalLocation<Location>
    PartyTaxScheme<>* PartyLegalEntity<>* Contact<> Person<>* AgentParty<Party> ServiceProviderParty<>*
    PowerOfAttorney<>* FinancialAccount<>
PartyIdentification: ID!
PartyLegalEntity: RegistrationName CompanyID RegistrationDate RegistrationExpirationDate CompanyLegalFormCode
    CompanyLegalForm SoleProprietorshipIndicator CompanyLiquidationStatusCode CorporateStockAmount
    FullyPaidSharesIndicator RegistrationAddress<Address> CorporateRegistrationScheme<> HeadOfficeParty<Party>
    ShareholderParty<>*
PartyName: Name!
PartyTaxScheme: RegistrationName CompanyID TaxLevelCode ExemptionReasonCode ExemptionReason*
    RegistrationAddress<Address> TaxScheme<>!
Payment: ID PaidAmount ReceivedDate PaidDate PaidTime InstructionID
PaymentMandate: ID MandateTypeCode MaximumPaymentInstructionsNumeric MaximumPaidAmount SignatureID PayerParty<Party>
    PayerFinancialAccount<FinancialAccount> ValidityPeriod<Period> PaymentReversalPeriod<Period> Clause<>*
PaymentMeans: ID PaymentMeansCode! PaymentDueDate PaymentChannelCode InstructionID InstructionNote* PaymentID*
    CardAccount<> PayerFinancialAccount<FinancialAccount> PayeeFinancialAccount<FinancialAccount> CreditAccount<>
    PaymentMandate<> TradeFinancing<>
PaymentTerms: ID PaymentMeansID* PrepaidPaymentReferenceID Note* ReferenceEventCode SettlementDiscountPercent
    PenaltySurchargePercent PaymentPercent Amount SettlementDiscountAmount PenaltyAmount PaymentTermsDetailsURI
    PaymentDueDate InstallmentDueDate InvoicingPartyReference SettlementPeriod<Period> PenaltyPeriod<Period>
    ExchangeRate<> ValidityPeriod<Period>
Period: StartDate StartTime EndDate EndTime DurationMeasure DescriptionCode* Description*
Person: ID FirstName FamilyName Title MiddleName OtherName NameSuffix JobTitle NationalityID GenderCode BirthDate
    BirthplaceName OrganizationDepartment Contact<> FinancialAccount<> IdentityDocumentReference<DocumentReference>*
    ResidenceAddress<Address>
PhysicalAttribute: AttributeID! PositionCode DescriptionCode Description*
PowerOfAttorney: ID IssueDate IssueTime Description* NotaryParty<Party> AgentParty<Party>! WitnessParty<Party>*
    MandateDocumentReference<DocumentReference>*
Price: PriceAmount! BaseQuantity PriceChangeReason* PriceTypeCode PriceType OrderableUnitFactorRate
    ValidityPeriod<Period>* PriceList<> AllowanceCharge<>* PricingExchangeRate<ExchangeRate>
PriceExtension: Amount! TaxTotal<>*
PriceList: ID StatusCode ValidityPeriod<Period>* PreviousPriceList<PriceList>
PricingReference: OriginalItemLocationQuantity<ItemLocationQuantity> AlternativeConditionPrice<Price>*
ProjectReference: ID! UUID IssueDate WorkPhaseReference<>*
ReceiptLine: ID! UUID Note* ReceivedQuantity ShortQuantity ShortageActionCode RejectedQuantity RejectReasonCode
    RejectReason* RejectActionCode QuantityDiscrepancyCode OversupplyQuantity ReceivedDate TimingComplaintCode
    TimingComplaint OrderLineReference<> DespatchLineReference<LineReference>* DocumentReference<>* Item<>*
    Shipment<>*
RelatedItem: ID Quantity Description*
Response: ReferenceID ResponseCode Description* EffectiveDate EffectiveTime Status<>*
ResultOfVerification: ValidatorID ValidationResultCode ValidationDate ValidationTime ValidateProcess ValidateTool
    ValidateToolVersion SignatoryParty<Party>
ServiceProviderParty: ID ServiceTypeCode ServiceType* Party<>! SellerContact<Contact>
ShareholderParty: PartecipationPercent Party<>
Signature: ID! Note* ValidationDate ValidationTime ValidatorID CanonicalizationMethod SignatureMethod
    SignatoryParty<Party> DigitalSignatureAttachment<Attachment> OriginalDocumentReference<DocumentReference>
SupplierParty: CustomerAssignedAccountID AdditionalAccountID* DataSendingCapability Party<> DespatchContact<Contact>
    AccountingContact<Contact> SellerContact<Contact>
TaxCategory: ID Name Percent BaseUnitMeasure PerUnitAmount TaxExemptionReasonCode TaxExemptionReason* TierRange
    TierRatePercent TaxScheme<>!
TaxScheme: ID Name TaxTypeCode CurrencyCode JurisdictionRegionAddress<Address>*
TaxSubtotal: TaxableAmount TaxAmount! CalculationSequenceNumeric TransactionCurrencyTaxAmount Percent
    BaseUnitMeasure PerUnitAmount TierRange TierRatePercent TaxCategory<>!
TaxTotal: TaxAmount! RoundingAmount TaxEvidenceIndicator TaxIncludedIndicator TaxSubtotal<>*
TradeFinancing: ID FinancingInstrumentCode ContractDocumentReference<DocumentReference> DocumentReference<>*
    FinancingParty<Party>! FinancingFinancialAccount<FinancialAccount> Clause<>*
TradingTerms: Information* Reference ApplicableAddress<Address>
TransactionConditions: ID ActionCode Description* DocumentReference<>*
WorkPhaseReference: ID WorkPhaseCode WorkPhase* ProgressPercent StartDate EndDate
    WorkOrderDocumentReference<DocumentReference>*
"""
