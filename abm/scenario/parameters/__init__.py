"""Every number of the model, by mechanism."""

from abm.scenario.parameters.appointments import AppointmentParameters
from abm.scenario.parameters.attitudes import AttitudeParameters
from abm.scenario.parameters.capability import CapabilityParameters
from abm.scenario.parameters.capacity import CapacityParameters
from abm.scenario.parameters.closures import ClosureParameters
from abm.scenario.parameters.commissioning import CommissioningParameters
from abm.scenario.parameters.consolidation import ConsolidationParameters
from abm.scenario.parameters.demand import DemandParameters
from abm.scenario.parameters.engagement import EngagementParameters
from abm.scenario.parameters.exploration import ExplorationParameters
from abm.scenario.parameters.finance import FinanceParameters
from abm.scenario.parameters.founding import FoundingParameters
from abm.scenario.parameters.leadership import LeadershipParameters
from abm.scenario.parameters.mergers import MergerParameters
from abm.scenario.parameters.outcomes import OutcomeParameters
from abm.scenario.parameters.places import PlaceParameters
from abm.scenario.parameters.population import PopulationParameters
from abm.scenario.parameters.registry import Entry, ParameterGroup, entries, parameter
from abm.scenario.parameters.takeovers import TakeoverParameters
from abm.scenario.parameters.voting import VotingParameters
from abm.scenario.parameters.wellbeing import WellbeingParameters
from abm.scenario.parameters.withdrawal import WithdrawalParameters
from abm.scenario.parameters.workforce import WorkforceParameters


class ModelParameters(ParameterGroup):
    """The parameters of one run: one frozen group for each mechanism."""

    places: PlaceParameters = PlaceParameters()
    population: PopulationParameters = PopulationParameters()
    demand: DemandParameters = DemandParameters()
    capacity: CapacityParameters = CapacityParameters()
    appointments: AppointmentParameters = AppointmentParameters()
    outcomes: OutcomeParameters = OutcomeParameters()
    wellbeing: WellbeingParameters = WellbeingParameters()
    workforce: WorkforceParameters = WorkforceParameters()
    attitudes: AttitudeParameters = AttitudeParameters()
    exploration: ExplorationParameters = ExplorationParameters()
    voting: VotingParameters = VotingParameters()
    founding: FoundingParameters = FoundingParameters()
    leadership: LeadershipParameters = LeadershipParameters()
    capability: CapabilityParameters = CapabilityParameters()
    engagement: EngagementParameters = EngagementParameters()
    consolidation: ConsolidationParameters = ConsolidationParameters()
    mergers: MergerParameters = MergerParameters()
    withdrawal: WithdrawalParameters = WithdrawalParameters()
    takeovers: TakeoverParameters = TakeoverParameters()
    closures: ClosureParameters = ClosureParameters()
    commissioning: CommissioningParameters = CommissioningParameters()
    finance: FinanceParameters = FinanceParameters()


__all__ = ["Entry", "ModelParameters", "ParameterGroup", "entries", "parameter"]
